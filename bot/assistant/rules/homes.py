"""Rules of what is about properties: looked for, asked about, offered by oneself."""

from bot.assistant.commands import Intent
from bot.assistant.rules.rule import HOME, Rule, rule
from inspector_whatsapp.models import Role

_OFFERING = (Role.AGENT, Role.ADMIN)
_GONE = r"(?:rented(?: out)?|let(?: out)?|sold(?: out)?|taken|gone|occupied|leased|given out|off the market|paid for|closed)"

RULES: tuple[Rule, ...] = (
    rule(
        Intent.CREATE_ALERT,
        6,
        r"(?:notify|alert|tell|inform|ping|text|message|update|holla|buzz|hit|beep|let (?:me|us) (?:know|hear)|signal|remind|call|write|whatsapp|send|shout|yarn|flash|mail|email)\b(?: \S+){0,5}? (?:when|wen|once|if|whenever|anytime|any time|as soon as|the moment|immediately|every time|should)\b.*",
        unless=r".*\b(?:my (?:inspection|booking|listing|payment|viewing)|agent|owner|landlord|report is|before my)\b.*|.*\bpr-\d+\b.*\b(?:still|available|approved)\b.*",
    ),
    rule(
        Intent.CREATE_ALERT,
        6,
        r"keep (?:an eye|me posted|me updated|looking|watch|checking)\b.*|(?:watch|look) ?out for\b.*|be on the look ?out\b.*|on the watch for\b.*|save (?:this|the|my|that|dis|dat) search|(?:set|create|add|make|put|start|activate|want|need|get|have|turn on|open|register)(?: me| up| an?| new| on| for| another| one)* (?:alerts?|notifications?|reminders?|saved search)(?: \S+)? (?:for|on|about|of|when|if|once)\b.*|(?:create|set(?: up)?|add) (?:an? |me an? )?(?:new )?alerts?|alert for\b.*|subscribe (?:me )?(?:to|for)\b.*|send me (?:any )?new\b.*|"
        r"(?:when|if|once|whenever|anytime)\b.{3,80}\b(?:comes? (?:up|in|out|available|on)|shows? up|drops?|enters?|pops? up|appears?|lands?|surfaces?|becomes? available|dey available|dey|is (?:posted|listed|available)|una get|you (?:get|have|see|find))\b.{0,30}\b(?:tell|notify|alert|inform|ping|text|message|let me know|holla|call|buzz|hit me|signal|send)\b.*|watch\b.*\b(?:for me|and tell)\b.*",
        unless=r".*\b(?:turn off|stop|delete|disable|mute|how do)\b.*|.*\bagent\b.*",
    ),
    rule(
        Intent.MORE_RESULTS,
        6,
        r"^(?:please |pls |abeg |ok |okay |and |yes |yes,? |oya |can i |can you |let me |i want to |i wan |una |do you have |you get |get |is there |are there |any |show |see |give |get |load |bring |send |me |us |view |display |wetin |what |list |go to |go |the )*"
        r"(?:more(?: (?:results?|options?|listings?|propert(?:y|ies)|houses?|of them|pages?|choices|please|abeg|like (?:this|these)|ones|flats|apartments))?|next(?: (?:page|one|ones|results?|set|batch|five|5|list|listings|options))?|others?(?: (?:ones?|options?|results?|listings|houses|properties))?|(?:remaining|rest|rest of them|remaining ones)|anything else|something else|what else(?: (?:do you have|dey|you get|una get|is there))?|wetin (?:else|remain)(?: dey| una get)?|continue|else|page (?:2|3|two|three)|another (?:set|batch|page)|load more|scroll(?: down)?|keep going|go on|carry on|dey go|show (?:me )?more)"
        r"(?: (?:please|abeg|pls|jare|jor|o|dey|dem|there|you have|you get|una get|for me|available|left|again))*[ ?.!]*$",
    ),
    # --- one property
    rule(
        Intent.CHECK_AVAILABILITY,
        5,
        rf"(?:is|are|e|still|na)\b(?: \S+){{0,8}} (?:still )?(?:available|there|on(?: the market)?|vacant|up for (?:rent|sale|grabs)|on offer|open|dey|free|unsold|around|for (?:rent|sale))(?: \S+)?[ ?.!]*$|still (?:dey|available|there|on|vacant|up|for (?:rent|sale)|open|free|unsold|empty|get|have|on the market)\b.*|"
        rf"(?:has|have|is|was|did|been|don|dem|nobody|anybody|anyone|somebody|someone|una)\b(?: \S+){{0,7}} (?:{_GONE}|sell|carry|take|pack (?:in|enter)|rent|go)\b.*|availability\b.*|(?:pr-\d+|it|place|house|flat|land) (?:don|is) (?:go|sell|sold|rented|taken|gone|commot|comot)\b.*|(?:confirm|check|know)\b(?: \S+){{0,5}} (?:available|availability|not (?:sold|rented|taken))\b.*|^(?:available|still available|pr-\d+,? available)\b.*",
        one=True,
        unless=rf".*\b(?:free to (?:see|view)|slots?|(?:open|free|available) (?:for|to) (?:view|inspect|see|visit|tour|book)\w*|when|what time|book|my (?:booking|inspection|viewing)|complain|report|but|mark|change|price|tell me (?:when|if|once))\b.*",
    ),
    rule(
        Intent.CHECK_AVAILABILITY,
        3,
        rf".*\b(?:available|vacant|{_GONE})\b.*",
        one=True,
        roles=(Role.SEEKER, Role.INSPECTOR),
        unless=r".*\b(?:slots?|when|what time|times?|days?|book|for (?:viewing|inspection)|complain|report|but|tell me (?:when|if|once))\b.*",
    ),
    rule(
        Intent.UPDATE_LISTING,
        4,
        r"(?:comm?ot|remove|take down|hide|delete)\b(?: \S+){0,3} pr-?\s?\d+.*|pr-?\s?\d+\b.*\b(?:available again|no longer available|no dey available|not available).*",
        roles=_OFFERING,
    ),
    rule(
        Intent.PROPERTY_DETAILS,
        4.5,
        rf"how much\b.*|(?:price|cost|rent|amount|details?|info(?:rmation)?|address|location|photos?|pictures?|pics?|pix|images?|videos?|features?|facilities|amenities|fees?|service charge|size|sqm|square met\w+|floor|title|total package|total|agency|caution|deposit|landmark|directions?|description|specs)\b.*|tell me (?:more|about)\b.*|(?:more|full|further)(?: \S+)? (?:about|on|of|info|details)\b.*|describe\b.*|wetin (?:dey|e get|be the)\b.*|where (?:is|e dey|exactly|dey|be)\b.*|(?:does|do|e|it|is|are|has|have)\b(?: \S+){{0,5}} (?:have|get|come with|include|furnished|serviced|tiled|fenced|new|gated|with|negotiable|big|spacious|secure|safe|flood\w*|allowed?)\b.*|how (?:many|big|old|far|large|is the|e be|e dey)\b.*|(?:show|open|view|see) (?:me )?pr-\d+|^(?:pr-\d+|number \d|the \w+ one)[ ?.!]*$|what(?:'?s| is)(?: \S+)? (?:it|the place|pr-\d+)(?: \S+)* like\b.*|which floor\b.*|last price\b.*",
        one=True,
        unless=r".*\b(?:slots?|when|what times?|which times?|which day|book|inspect\w*|viewing|view (?:it|am)|report\w*|agent'?s? (?:number|contact|phone)|change|update|reduce|increase|drop|set|call|contact|available|alert|number of (?:the )?(?:agent|owner|landlord))\b.*",
    ),
    # --- one's own
    rule(
        Intent.UPDATE_LISTING,
        6,
        rf"(?:change|update|reduce|increase|drop|raise|set|make|edit|slash|adjust|review|cut|bring|lower|modify|put|add|correct|move|up|decrease|fix|hike)\b(?: \S+){{0,8}} (?:price|rent|amount|cost|status|asking)\b.*|(?:price|rent|amount)\b(?: \S+){{0,5}} (?:is now|now|na now|should be|don (?:change|increase|reduce|drop)|has (?:changed|increased|reduced|dropped|gone))\b.*|"
        rf"(?:mark|set|tag|flag|change|update|put|make|take|list|show|tick|label|switch|turn|return|bring)\b(?: \S+){{0,7}} (?:as |to |is |it |down|off|back |on )*(?:{_GONE}|available|unavailable|vacant|rented|sold|down|off|inactive|active|hidden|on hold|back)\b.*|(?:take down|unlist|delist|unpublish|deactivate|pause|hide|remove|withdraw|pull|suspend|relist|re-?activate|republish|delete|pull down|bring down)\b(?: \S+){{0,6}} (?:pr-\d+|listing|it|am|{HOME})\b.*|"
        rf"(?:reduce|increase|drop|raise|slash|adjust|cut|lower|update|change|edit|review|hike|set|make)\b(?: \S+){{0,4}} (?:pr-\d+|it|am|that|my|the|listing)\b.*",
        roles=_OFFERING,
        unless=rf".*\b(?:inspection|viewing|visit|appointment|in-\d+|my (?:phone|number|email|profile|account|name|password|bank)|how (?:do|can|to)|notifications?|who|date|time)\b.*",
    ),
    rule(
        Intent.UPDATE_LISTING,
        5.5,
        rf"(?:pr-\d+|it|this one|that one|listing|{HOME})\b(?: \S+){{0,5}} (?:is|has been|have been|don|now|has|na|got|was|been|get|no|not|just)\b(?: \S+){{0,3}} (?:{_GONE}|rent|sell|go|available|unavailable|back|vacant|free|dey|open|collect|tenant)\b.*|(?:i|we|they|dem|somebody|someone|tenant|client|buyer)(?:'ve| have| has| don| just)* (?:{_GONE}|rent|sell|let|pack(?:ed)? (?:in|out)|moved? (?:in|out)|pay(?:ed)? for|take|took|bought)\b.*|"
        rf"^(?:pr-\d+)(?: \S+)? (?:{_GONE}|available|unavailable|now|back|vacant)\b.*",
        roles=_OFFERING,
        one=True,
        unless=r".*\?\s*$|.*\b(?:to|wan|can you|please|help me) (?:list|post|add|upload|advertise)\b.*|^(?:i|we|hello i|hi i) (?:have|get) (?:a|an|one|my)\b.*|^(?:is|has|have|did|was|are|who|which|how)\b.*|.*\b(?:looking for|inspection|how many|views|approved)\b.*",
    ),
    rule(
        Intent.ADD_LISTING,
        6,
        rf"(?:post|list|upload|add|advertise|put up|register|publish|onboard|drop|create|submit|put|showcase|market|input)\b(?: (?:a|an|my|new|another|this|the|one|me|some|our|up|in|for|2|two|\d+))*(?: \S+){{0,5}} (?:{HOME}|bed(?:room)?s?|terraced?|terrace|hall)\b(?! (?:number|status)).*|"
        rf"(?:i|we)(?:'ve|'m| am)? ?(?:have|get|got|own|manage|dey get|just got|just finished|built|build)(?: \S+){{0,9}} (?:to (?:rent|let|sell|list|post|lease|give out)|for (?:rent|sale|let|lease|shortlet)|i want to (?:rent|let|sell|list|post|give)|wey i wan|i wan|help me|can (?:you|i) (?:post|list|add)|up for)\b.*|(?:want|like|wan|need|wish|ready|plan\w*|trying|dey) (?:to )?(?:rent out|let out|sell|list|lease out|give out|advertise|put up|post|upload|add|sell off)\b.*\b(?:my|a|an|our|new|one|house|flat|property|land|listing|place|\S*bed\S*)\b.*|"
        rf"(?:help me|can you|abeg|please|pls) (?:rent out|let out|sell|list|advertise|post|put up|market|upload)\b.*|new (?:listing|property|house|flat|propety)(?: \S+){{0,3}}(?:[:.,]| to (?:list|post|add|upload)| i want| for|$).*|looking for (?:tenants?|buyers?)\b.*|(?:i'm|i am) (?:a |the )?(?:landlord|owner)\b.*\b(?:list|rent|sell|post|put)\b.*|add (?:a |another |new )?listing|list (?:my|a|an|new|this)\b.*",
        unless=r".*\b(?:how (?:do|can|to)|report|photos? (?:to|of) pr-\d+|note|(?:what|which) \S+ (?:do|are)|can (?:a|my)|alert|my listings?|my number|for sale\?|approved|to view|inspection)\b.*|.*\bpr-\d+\b.*|.*\b(?:houses|flats|properties|listings?|places|ones|lands?) (?:wey |that |which )?i(?:'ve| have| don)? (?:put|post|list|upload|add|have)\w*\b.*|^(?:show|find|see|get|list (?:all |me )?(?:my (?:\S+ )?(?:listings|properties|houses|flats)|the|all|of|me)|which|what|are|is|do you)\b.*",
    ),
    rule(
        Intent.MY_LISTINGS,
        5,
        rf"(?:show|list|see|view|check|what|which|how many|how|give|get|where|wetin|display|manage|all|any|status|are|is|has|have|did|una don|when)\b(?: \S+){{0,6}} my(?: (?:active|own|current|live|other|approved|pending|rejected|posted|listed|uploaded|rented|sold|all|new|latest|\S+)){{0,3}} {HOME}\b.*|^(?:please |pls |abeg |show |all )*my (?:\S+ ){{0,2}}{HOME}[ ?.!]*$|"
        rf"how many (?:people |persons |seekers |folks )?(?:views?|viewed|clicks?|saves?|saved|leads?|enquir\w+|impressions|liked|looked|interested|don (?:see|view|click)|have (?:seen|viewed|saved|clicked)|saw|inquir\w+|interests?)\b.*|(?:views|clicks|impressions|performance|statistics|stats|analytics|traction|engagement)\b.*|how(?: \S+)? (?:is|are|my|e)\b(?: \S+){{0,5}} (?:doing|performing|dey do|moving|dey perform)\b.*|"
        r"(?:is|are|has|have|was|were|why|when|una don|una|did|still|which|e don|what)\b(?: \S+){0,8} (?:approv\w+|live|rejected|declined|under review|pending|published|in review|verified|reviewed|active|go live|denied)\b.*|(?:approval|review) (?:status|of|for)\b.*|listings? (?:of mine|i (?:have|posted|get|added|own|uploaded))\b.*|(?:properties|houses|flats) (?:i|wey i) (?:have|posted|get|added|own|uploaded|listed|post|put)\b.*",
        roles=_OFFERING,
        unless=r".*\b(?:list my (?:\S+ ){0,3}(?:flat|apartment|house|duplex|land|shop|office|bungalow|property|room|shortlet)|inspection|viewings?|visits?|visitors?|my (?:profile|account|verification|kyc|nin|payment|payout|id|documents?|application)|am i|i am|com(?:ing|e) to|who|report|inspectors?|how (?:do|can|to)|change|update|reduce|increase|mark|pay\w*|in-\d+|agent|refund)\b.*",
    ),
)
