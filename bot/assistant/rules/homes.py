"""Rules of what is about properties: looked for, asked about, offered by oneself."""

from bot.assistant.commands import Intent
from bot.assistant.rules.rule import HOME, Rule, rule
from inspector_whatsapp.models import Role

_OFFERING = (Role.AGENT, Role.ADMIN)
_GONE = (
    r"(?:rented(?: out)?|let(?: out)?|sold(?: out)?|taken|gone|occupied|leased|given out|"
    r"off the market|paid for|closed)"
)

RULES: tuple[Rule, ...] = (
    rule(
        Intent.SEARCH_PROPERTIES,
        4,
        r"(?:is|are) there (?:one|any|a|an|some)\b.*|(?:do you|una|you|you people) (?:have|get|"
        r"dey get) (?:any|a|an|one|some)\b.*|"
        r"(?:looking|searching|hunting|dey find|dey look|find|search) (?:for|house|flat)\b.*|"
        r"in (?:search|need) of\b.*|"
        r"(?:i|we) (?:want|need|wan|wanna|would like|dey find)(?: to)? (?:a|an|one|some|rent|buy|"
        r"lease|purchase|house|flat|land)\b.*|"
        r"(?:show|find|get|give|send|list) me (?:all |some |any |the |available |more )*"
        r"(?:\w+ ){0,3}(?:houses|flats|apartments|properties|duplexes|lands?|homes|places|self ?con\w*)\b.*|"
        r"anything (?:in|for|around|under|below|available)\b.*",
        one=False,
        unless=r".*\b(?:my (?:\S+ )?(?:listings?|properties|houses?|flats|booking|inspection|account)|"
        r"notify|alert|agent|owner|landlord|report|refund|tenants?|buyers?|"
        r"human|slots?|times?|list it|post|when|job|work|doctor|dentist|car|corolla|toyota|tokunbo|"
        r"phone|laptop|generator|loan|appointment|book|"
        r"cancel|resched\w*|wife|husband|love|i (?:put|posted|listed|uploaded))\b.*",
    ),
    rule(
        Intent.CREATE_ALERT,
        6,
        r"(?:notify|alert|tell|inform|ping|text|message|update|holla|buzz|hit|beep|let (?:me|"
        r"us) (?:know|hear)|signal|remind|call|write|whatsapp|send|shout|yarn|flash|mail|"
        r"email)\b(?: \S+){0,5}? (?:when|wen|once|if|whenever|anytime|any time|as soon as|"
        r"the moment|immediately|every time|should)\b.*",
        unless=r".*\b(?:my (?:inspection|booking|listing|payment|viewing)|agent|owner|landlord|report is|"
        r"before my)\b.*|.*\bpr-\d+\b.*\b(?:still|available|approved)\b.*|.*\bstill (?:available|"
        r"there|dey|on)\b.*",
    ),
    rule(
        Intent.CREATE_ALERT,
        6,
        r"keep (?:an eye|me posted|me updated|looking|watch|checking)\b.*|(?:watch|"
        r"look) ?out for\b.*|be on the look ?out\b.*|on the watch for\b.*|save (?:this|the|my|that|"
        r"dis|dat) search|(?:set|create|add|make|put|start|activate|want|need|get|have|turn on|"
        r"open|register)(?: me| up| an?| new| on| for| another| one)* (?:alerts?|notifications?|"
        r"reminders?|saved search)(?: \S+)? (?:for|on|about|of|when|if|once)\b.*|(?:create|"
        r"set(?: up)?|add) (?:an? |me an? )?(?:new )?alerts?|alert for\b.*|subscribe (?:me )?(?:to|"
        r"for)\b.*|send me (?:any )?new\b.*|"
        r"(?:when|if|once|whenever|anytime)\b.{3,80}\b(?:comes? (?:up|in|out|available|on)|"
        r"shows? up|drops?|enters?|pops? up|appears?|lands?|surfaces?|becomes? available|"
        r"dey available|dey|is (?:posted|listed|available)|una get|you (?:get|have|see|"
        r"find))\b.{0,30}\b(?:tell|notify|alert|inform|ping|text|message|let me know|holla|call|"
        r"buzz|hit me|signal|send)\b.*|watch\b.*\b(?:for me|and tell)\b.*",
        unless=r".*\b(?:turn off|stop|delete|disable|mute|how do)\b.*|.*\bagent\b.*",
    ),
    rule(
        Intent.MORE_RESULTS,
        6,
        r"^(?:please |pls |abeg |ok |okay |and |yes |yes,? |oya |can i |can you |let me |"
        r"i want to |i wan |una |do you have |you get |get |is there |are there |any |show |see |"
        r"give |get |load |bring |send |me |us |view |display |wetin |what |list |go to |go |the )*"
        r"(?:more(?: (?:results?|options?|listings?|propert(?:y|ies)|houses?|of them|pages?|"
        r"choices|please|abeg|like (?:this|these)|ones|flats|apartments))?|next(?: (?:page|one|"
        r"ones|results?|set|batch|five|5|list|listings|options))?|others?(?: (?:ones?|options?|"
        r"results?|listings|houses|properties))?|(?:remaining|rest|rest of them|remaining ones)|"
        r"anything else|something else|what else(?: (?:do you have|dey|you get|una get|is there))?|"
        r"wetin (?:else|remain)(?: dey| una get)?|continue|else|page (?:2|3|two|three)|"
        r"another (?:set|batch|page)|load more|scroll(?: down)?|keep going|go on|carry on|dey go|"
        r"show (?:me )?more)"
        r"(?: (?:please|abeg|pls|jare|jor|o|dey|dem|there|you have|you get|una get|for me|"
        r"available|left|again))*[ ?.!]*$",
    ),
    # --- one property
    rule(
        Intent.CHECK_AVAILABILITY,
        5,
        rf"(?:is|are|e|still|na)\b(?: \S+){{0,8}} (?:still )?(?:available|there|on(?: the market)?|"
        rf"vacant|up for (?:rent|sale|grabs)|on offer|open|dey|free|unsold|around|for (?:rent|"
        rf"sale))(?: \S+)?[ ?.!]*$|still (?:dey|available|there|on|vacant|up|for (?:rent|sale)|"
        rf"open|free|unsold|empty|get|have|on the market)\b.*|"
        rf"(?:has|have|is|was|did|been|don|dem|nobody|anybody|anyone|somebody|someone|"
        rf"una)\b(?: \S+){{0,7}} (?:{_GONE}|sell|carry|take|pack (?:in|enter)|rent|go)\b.*|"
        rf"availability\b.*|(?:pr-\d+|it|place|house|flat|land) (?:don|is) (?:go|sell|sold|rented|"
        rf"taken|gone|commot|comot)\b.*|(?:confirm|check|know)\b(?: \S+){{0,5}} (?:available|"
        rf"availability|not (?:sold|rented|taken))\b.*|^(?:available|still available|"
        rf"pr-\d+,? available)\b.*",
        one=True,
        unless=r".*\b(?:free to (?:see|view)|slots?|times?|(?:months?|weeks?|long) ago|why is|exist|"
        r"how much|negotiable|go through|paid for|approved|live|(?:open|free|available) (?:for|"
        r"to) (?:view|inspect|see|visit|tour|book)\w*|when|what time|book|my (?:booking|"
        r"inspection|viewing)|complain|report|but|mark|change|price|tell me (?:when|if|once))\b.*",
    ),
    rule(
        Intent.CHECK_AVAILABILITY,
        3,
        rf".*\b(?:available|vacant|{_GONE})\b.*",
        one=True,
        roles=(Role.SEEKER, Role.INSPECTOR),
        unless=r".*\b(?:slots?|when|what time|times?|days?|book|for (?:viewing|inspection)|complain|"
        r"report|but|tell me (?:when|if|once))\b.*",
    ),
    rule(
        Intent.UPDATE_LISTING,
        4,
        r"(?:comm?ot|remove|take down|hide|delete)\b(?: \S+){0,3} pr-?\s?\d+.*|"
        r"pr-?\s?\d+\b.*\b(?:available again|no longer available|no dey available|not available).*",
        roles=_OFFERING,
    ),
    rule(
        Intent.PROPERTY_DETAILS,
        4.5,
        r"how much\b.*|(?:price|cost|rent|amount|details?|info(?:rmation)?|address|location|"
        r"photos?|pictures?|pics?|pix|images?|videos?|features?|facilities|amenities|fees?|"
        r"service charge|size|sqm|square met\w+|floor|title|total package|total|agency|caution|"
        r"deposit|landmark|directions?|description|specs)\b.*|tell me (?:more|about)\b.*|(?:more|"
        r"full|further)(?: \S+)? (?:about|on|of|info|details)\b.*|describe\b.*|wetin (?:dey|e get|"
        r"be the)\b.*|where (?:is|e dey|exactly|dey|be)\b.*|(?:does|do|e|it|is|are|has|"
        r"have)\b(?: \S+){0,5} (?:have|get|come with|include|furnished|serviced|tiled|fenced|"
        r"new|gated|with|negotiable|big|spacious|secure|safe|flood\w*|allowed?)\b.*|how (?:many|"
        r"big|old|far|large|is the|e be|e dey)\b.*|(?:show|open|view|see) (?:me )?pr-\d+|"
        r"^(?:pr-\d+|number \d|the \w+ one)[ ?.!]*$|what(?:'?s| is)(?: \S+)? (?:it|the place|"
        r"pr-\d+)(?: \S+)* like\b.*|which floor\b.*|last price\b.*",
        one=True,
        unless=r".*\b(?:slots?|when|what times?|which times?|any time|which day|(?:go|"
        r"come)(?: and)? (?:see|look|check|view)|appointment|arrange|take me|show me .* (?:today|"
        r"tomorrow|on)|wrong|does not exist|not what|stolen|copied|want to (?:put|see|"
        r"view)(?! (?:the |some |more )?(?:pic|photo|video|image))|book|"
        r"inspect\w*|viewing|view (?:it|am)|report\w*|agent'?s? (?:number|contact|phone)|change|"
        r"update|reduce|increase|drop|set|call|contact|available|alert|number of (?:the )?(?:agent|"
        r"owner|landlord))\b.*",
    ),
    # --- one's own
    rule(
        Intent.UPDATE_LISTING,
        6,
        rf"(?:change|update|reduce|increase|drop|raise|set|make|edit|slash|adjust|review|cut|bring|"
        rf"lower|modify|put|add|correct|move|up|decrease|fix|hike)\b(?: \S+){{0,8}} (?:price|rent|"
        rf"amount|cost|status|asking)\b.*|(?:price|rent|amount)\b(?: \S+){{0,5}} (?:is now|now|"
        rf"na now|should be|don (?:change|increase|reduce|drop)|has (?:changed|increased|reduced|"
        rf"dropped|gone))\b.*|"
        rf"(?:mark|set|tag|flag|change|update|put|make|take|list|show|tick|label|switch|turn|"
        rf"return|bring)\b(?: \S+){{0,7}} (?:as |to |is |it |down|off|back |on )*(?:{_GONE}|"
        rf"available|unavailable|vacant|rented|sold|down|off|inactive|active|hidden|on hold|"
        rf"back)\b.*|(?:take down|unlist|delist|unpublish|deactivate|pause|hide|remove|withdraw|"
        rf"pull|suspend|relist|re-?activate|republish|delete|pull down|"
        rf"bring down)\b(?: \S+){{0,6}} (?:pr-\d+|listing|it|am|{HOME})\b.*|"
        rf"(?:reduce|increase|drop|raise|slash|adjust|cut|lower|hike)\b(?: \S+){{0,4}} (?:pr-\d+|"
        rf"it|am|that|my|the|listing)\b.*|(?:update|change|edit|review|set|"
        rf"make)\b(?: \S+){{0,4}} (?:pr-\d+|listing)\b.*|new (?:price|rent)\b.*|(?:price|"
        rf"rent) (?:is |to |na |of pr-\d+ )?(?:now )?[\d₦]\S*.*",
        roles=_OFFERING,
        unless=r".*\b(?:inspection|viewing|visit|appointment|in-\d+|website|another agent|rival\S*|"
        r"how (?:much|many)|my (?:agency|phone|number|email|profile|account|name|password|bank)|"
        r"how (?:do|can|to)|notifications?|who|date|time)\b.*",
    ),
    rule(
        Intent.UPDATE_LISTING,
        5.5,
        rf"(?:pr-\d+|it|this one|that one|listing|{HOME})\b(?: \S+){{0,5}} (?:is|has been|"
        rf"have been|don|now|has|na|got|was|been|get|no|not|just)\b(?: \S+){{0,3}} (?:{_GONE}|rent|"
        rf"sell|go|available|unavailable|back|vacant|free|dey|open|collect|tenant)\b.*|(?:i|we|"
        rf"they|dem|somebody|someone|tenant|client|buyer)(?:'ve| have| has| don| just)* (?:{_GONE}|"
        rf"rent|sell|let|pack(?:ed)? (?:in|out)|moved? (?:in|out)|pay(?:ed)? for|take|took|"
        rf"bought)\b.*|"
        rf"^(?:pr-\d+)(?: \S+)? (?:{_GONE}|available|unavailable|now|back|vacant)\b.*",
        roles=_OFFERING,
        one=True,
        unless=r".*\?\s*$|.*\b(?:to|wan|can you|please|help me) (?:list|post|add|upload|advertise)\b.*|"
        r"^(?:i|we|hello i|hi i) (?:have|get) (?:a|an|one|my)\b.*|^(?:is|has|have|did|was|are|who|"
        r"which|how)\b.*|.*\b(?:looking for|inspection|how many|views|approved)\b.*",
    ),
    rule(
        Intent.ADD_LISTING,
        6,
        rf"(?:post|list|upload|add|advertise|put up|register|publish|onboard|create|submit|put|"
        rf"showcase|market|input)\b(?: (?:a|an|my|new|another|this|the|one|me|some|our|up|in|for|2|"
        rf"two|\d+))*(?: \S+){{0,5}} (?:{HOME}|bed(?:room)?s?|terraced?|terrace|"
        rf"hall)\b(?! (?:number|status)).*|"
        rf"(?:i|we)(?:'ve|'m| am)? ?(?:have|get|got|own|manage|dey get|just got|just finished|"
        rf"built|build)(?: \S+){{0,9}} (?:to (?:rent|let|sell|list|post|lease|give out)|"
        rf"for (?:rent|sale|let|lease|shortlet)|i want to (?:rent|let|sell|list|post|give)|"
        rf"wey i wan|i wan|help me|can (?:you|i) (?:post|list|add)|up for)\b.*|(?:want|like|wan|"
        rf"need|wish|ready|plan\w*|trying|dey) (?:to )?(?:rent out|let out|sell|list|lease out|"
        rf"give out|advertise|put up|post|upload|add|sell off)\b.*\b(?:my|a|an|our|new|one|house|"
        rf"flat|property|land|listing|place|\S*bed\S*)\b.*|"
        rf"(?:help me|can you|abeg|please|pls) (?:rent out|let out|sell|list|advertise|post|put up|"
        rf"market|upload)\b.*|new (?:listing|property|house|flat|propety)(?: \S+){{0,3}}(?:[:.,]|"
        rf" to (?:list|post|add|upload)| i want| for|$).*|looking for (?:tenants?|buyers?)\b.*|"
        rf"(?:i'm|i am) (?:a |the )?(?:landlord|owner)\b.*\b(?:list|rent|sell|post|put)\b.*|"
        rf"add (?:a |another |new )?listing|list (?:my|a|an|new|this)\b.*",
        unless=r".*\b(?:how (?:do|can|to)|report|photos? (?:to|of) pr-\d+|note|put me|inspections?|"
        r"generator|car|phone|laptop|furniture|(?:what|which) \S+ (?:do|are)|can (?:a|my)|alert|"
        r"my listings?|my number|for sale\?|approved|to view|inspection)\b.*|.*\bpr-\d+\b.*|"
        r".*\b(?:houses|flats|properties|listings?|places|ones|lands?) (?:wey |that |"
        r"which )?i(?:'ve| have| don)? (?:put|post|list|upload|add|have)\w*\b.*|^(?:show|find|see|"
        r"get|list (?:all |me )?(?:my (?:\S+ )?(?:listings|properties|houses|flats)|the|all|of|me)|"
        r"which|what|are|is|do you)\b.*",
    ),
    rule(
        Intent.MY_LISTINGS,
        5,
        rf"(?:show|list|see|view|check|what|which|how many|how|give|get|where|wetin|display|manage|"
        rf"all|any|status|are|is|has|have|did|una don|when)\b(?: \S+){{0,6}} my(?: (?:active|own|"
        rf"current|live|other|approved|pending|rejected|posted|listed|uploaded|rented|sold|all|new|"
        rf"latest|\S+)){{0,3}} {HOME}\b.*|^(?:please |pls |abeg |show |"
        rf"all )*my (?:\S+ ){{0,2}}{HOME}[ ?.!]*$|"
        rf"how many (?:people |persons |seekers |folks )?(?:views?|viewed|clicks?|saves?|saved|"
        rf"leads?|enquir\w+|impressions|liked|looked|interested|don (?:see|view|click)|"
        rf"have (?:seen|viewed|saved|clicked)|saw|inquir\w+|interests?)\b.*|(?:views|clicks|"
        rf"impressions|performance|statistics|stats|analytics|traction|engagement)\b.*|"
        rf"how(?: \S+)? (?:is|are|my|e)\b(?: \S+){{0,5}} (?:doing|performing|dey do|moving|"
        rf"dey perform)\b.*|"
        r"(?:is|are|has|have|was|were|why|when|una don|una|did|still|which|e don|"
        r"what)\b(?: \S+){0,8} (?:approv\w+|live|rejected|declined|under review|pending|published|"
        r"in review|verified|reviewed|active|go live|denied)\b.*|(?:approval|review) (?:status|of|"
        r"for)\b.*|listings? (?:of mine|i (?:have|posted|get|added|own|uploaded))\b.*|"
        r"(?:properties|houses|flats) (?:i|wey i) (?:have|posted|get|added|own|uploaded|listed|"
        r"post|put)\b.*",
        roles=_OFFERING,
        unless=r".*\b(?:list my (?:\S+ ){0,3}(?:flat|apartment|house|duplex|land|shop|office|bungalow|"
        r"property|room|shortlet)|inspection|viewings?|visits?|visitors?|my (?:profile|account|"
        r"verification|kyc|nin|payment|payout|id|documents?|application)|am i|i am|com(?:ing|e) to|"
        r"who|report|inspectors?|how (?:do|can|to)|change|update|reduce|increase|mark|pay\w*|"
        r"in-\d+|agent|refund)\b.*",
    ),
)
