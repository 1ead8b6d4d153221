"""Rules of what is about inspections: booked, moved, cancelled, looked up, reported on."""

from bot.assistant.commands import Intent
from bot.assistant.rules.rule import HOME, VISIT, Rule, rule
from inspector_whatsapp.models import Role

_SEE = (
    r"(?:see|view|inspect|visit|tour|check(?: out)?|look at|look|go see|go and see|come see|"
    r"come and see|come (?:and )?(?:view|inspect|look)|go check|walk through)"
)
_OWN = r"(?:my|mine|our|the|this|that|dat|all my|any|an?|all|today'?s|tomorrow'?s|next|upcoming)"
_WORK = rf"(?:{VISIT}|jobs?|assignments?|tasks?|schedules?|calendar|agenda|work|itinerary|diary|route)"

RULES: tuple[Rule, ...] = (
    # --- cancelled
    rule(
        Intent.CANCEL_INSPECTION,
        5.5,
        r"cancel\w*|cancle|call (?:it |am |everything )?off|call off\b.*|scrap (?:it|am|my|the|"
        r"that)\b.*|abort|comot (?:my|am from)\b.*",
        unless=r".*\b(?:how (?:do|can|to)|policy|fee|refund|i (?:have |don )?cancelled|"
        r"cancelled (?:visits?|inspections?|ones?)|in case|can i cancel (?:anytime|for free|"
        r"later)|agent|owner|landlord|they|he|she|cancelled (?:on|my|it|our|without)|"
        r"was cancelled|been cancelled|why|subscription|account|alerts?|listing)\b.*",
    ),
    rule(
        Intent.CANCEL_INSPECTION,
        4,
        rf"(?:no longer|not) (?:going to |able to |gonna )?(?:coming|interested|make it|attend\w*|"
        rf"need the|need my)\b.*|no longer (?:come|go|want|need)\b.*|no (?:go )?(?:fit )?(?:come|"
        rf"attend|make it|go) (?:again|anymore)\b.*|"
        rf"i (?:can'?t|cannot|can no longer|won'?t|will not|no go|no fit|"
        rf"no dey)(?: be able to)? (?:make|come|attend|go|do|honou?r)\b.*|(?:drop|remove|delete|"
        rf"forget(?: about)?|withdraw|leave) (?:my|that|the|dat)(?: \S+){{0,3}} {VISIT}|"
        rf"free up my slot|"
        rf"i don'?t (?:want|need) (?:to (?:see|view|inspect|go)|the|that|"
        rf"my)(?: \S+){{0,3}}(?: again| anymore| {VISIT})|no (?:wan|want|need) (?:go )?(?:see|"
        rf"inspect|view|do|am|the).{{0,30}}again",
        unless=r".*\b(?:can we|shift|move|instead|reschedule|another (?:day|time)|make it (?:on|by)|"
        r"postpone|later|change|no agent|find|list)\b.*",
    ),
    # --- moved
    rule(
        Intent.RESCHEDULE_INSPECTION,
        5.5,
        rf"re-?sch?edul\w*|postpone\w*|prepone|re-?arrange|re-?book|"
        rf"(?:move|shift|push|change|switch|adjust|swap|delay|"
        rf"adjourn)\b(?: \S+){{0,8}}? (?:{VISIT}|date|time|day|in-\d+|forward|backward|back|from|"
        rf"earlier|later|am|it)\b.*|"
        rf"(?:move|shift|push|bring)(?: (?:it|am|that|this))? (?:to|till|until|forward|by|back|from)\b.*|"
        r"(?:another|different|new|better|earlier|later) (?:day|time|date|slot) (?:for|"
        r"to)\b.*\b(?:my|in-\d+).*",
        unless=r".*\b(?:how (?:do|can|to)|policy|price|rent|phone number|email|my (?:name|line|account|"
        r"agency)|account|line|just cancel|(?:photo|picture)s?|listing|move in|moving (?:to|from|"
        r"in)|agent|password|search|budget)\b.*",
    ),
    rule(
        Intent.RESCHEDULE_INSPECTION,
        4,
        r"(?:can'?t|cannot|no fit|won'?t|unable|not able)\b.*\b(?:instead|can (?:we|i|it)|"
        r"make (?:it|we|am)|move|shift|another)\b.*|instead of\b.*\b(?:make it|come|let'?s|do)\b.*",
    ),
    # --- one's own
    rule(
        Intent.MY_INSPECTIONS,
        5.5,
        r"(?:what|wetin)(?: do| dey)? i (?:have|get|dey get)(?: planned| booked| to do)?"
        r"(?: (?:for|on|dis|this|next|today|tomorrow)\b.*|[ ?.!]*$)",
    ),
    rule(
        Intent.MY_INSPECTIONS,
        5.5,
        rf"(?:what|how)(?:'?s| is| does| be)? my {_WORK}(?: look)?(?: like)?(?: \S+){{0,3}}[ ?.!]*$",
    ),
    rule(
        Intent.MY_INSPECTIONS,
        4.5,
        rf"(?:when|what time|where|which day|what day|wetin|what|who|how many|show|list|see|check|"
        rf"view|do|any|status|is|are|has|have|una|confirm|remind)\b(?: \S+){{0,5}} (?:my|mine|"
        rf"our)(?: (?:next|upcoming|own|pending|confirmed|past|previous|booked|scheduled|first|"
        rf"last|today'?s|tomorrow'?s|\S+)){{0,3}} {_WORK}\b.*",
        unless=r".*\b(?:report|cancel\w*|move|shift|resched\w*|change|postpone|push|how do|remind me when|"
        r"refund|submit|result|pay\w*)\b.*",
    ),
    rule(
        Intent.MY_INSPECTIONS,
        4.5,
        rf"^(?:please |pls |abeg |hi |hello |and |ok )*(?:my|all my|show my|see my|today'?s|"
        rf"tomorrow'?s|upcoming)(?: (?:next|upcoming|own|pending|confirmed|past|booked|"
        rf"scheduled)){{0,2}} {_WORK}\b(?: \S+){{0,5}}$|"
        rf"(?:do|did|have) i (?:have|get|got|still have)?(?: \S+){{0,4}} (?:{_WORK}|to inspect|"
        rf"anything)\b.*|(?:i get|i dey get)(?: \S+){{0,3}} {_WORK}\b.*|(?:jobs?|assignments?|"
        rf"inspections?) (?:do|dem|wey|you|assigned|una|for me|i get|i have)\b.*|"
        rf"(?:what|which|wetin|how many)(?: \S+){{0,2}} (?:{VISIT}|jobs?|"
        rf"assignments?)(?: \S+)? (?:do i have|have i|am i|i get|i dey|i have|i supposed|i go|"
        rf"are mine|i book\w*|did i book)\b.*|what(?:'?s| is|"
        rf" do i have)(?: \S+){{0,2}} (?:on )?(?:my (?:schedule|calendar|agenda|plate)|lined up|"
        rf"for me)\b.*|"
        rf"(?:status|confirmation|state) (?:of|for|on) (?:my|in-|the|our)\b.*|where (?:am|do|"
        rf"should|will) i (?:going|go|be|supposed|inspect|meet|have to)\b.*|(?:am i|"
        rf"i dey) (?:booked|scheduled|inspecting|going|assigned|free|supposed)\b.*|"
        r"(?:is|are|was|has|did|una don|dem don)\b(?: \S+){0,5} (?:in-\d+|my (?:viewing|inspection|"
        r"booking|visit|appointment|tour))(?: \S+){0,3} (?:confirmed|approved|still (?:on|holding|"
        r"standing)|accepted|done|happening|confirm|holding|scheduled|book\w*|go(?:ne|"
        r"ing)? through)\b.*",
        unless=r".*\b(?:report|cancel\w*|move|shift|resched\w*|change|postpone|push|how do|refund|submit|"
        r"result|pay\w*|listings?)\b.*",
    ),
    rule(
        Intent.MY_INSPECTIONS,
        6.5,
        r"(?:who|which (?:people|seekers?|persons?|clients?|customers?)|how many (?:people|"
        r"seekers?|persons?|clients?)(?! (?:have |has |don |did )?(?:view|viewed|see|seen|"
        r"saw)\b))(?: else)?(?: \S+){0,3} (?:com(?:e|es|ing)|view(?:s|ing|ed)?|inspect(?:s|ing|"
        r"ed)?|visit(?:s|ing|ed)?|book(?:s|ing|ed)?|see(?:s|ing|n)?|check(?:s|ing|ed)?|go see|"
        r"tour\w*)\b.*|"
        rf"(?:any|who has|who have|who get)(?: \S+){{0,2}} {VISIT}(?: \S+){{0,3}} (?:on|for|to|"
        rf"at) (?:my|pr-\d+)\b.*|(?:any|is|are)(?: \S+)? (?:body|one|anyone|anybody|somebody|"
        rf"someone|people)(?: \S+)? (?:com(?:e|ing)|view\w*|inspect\w*|visit\w*|book\w*|"
        rf"see\w*)\b.*\b(?:my|pr-\d+)\b.*|"
        rf"{VISIT} (?:on|for|to|at|of) my {HOME}\b.*",
        roles=(Role.AGENT, Role.INSPECTOR, Role.ADMIN),
        unless=r".*\b(?:looking for)\b.*",
    ),
    # --- reports
    rule(
        Intent.SUBMIT_REPORT,
        6,
        rf"(?:submit\w*|file|filing|upload\w*|send in|turn in|drop|hand in|write|enter|fill|log|"
        rf"attach|complete|put in|post|start|add|record|make i (?:submit|send|"
        rf"drop))\b(?: \S+){{0,5}} (?:reports?|findings?|inspection form|checklist|result|photos|"
        rf"notes)\b.*|"
        rf"(?:mark|close|set|tick)\b(?: \S+){{0,5}} (?:done|complete|completed|finished|as (?:done|"
        rf"complete\w*|finished))\b.*|"
        rf"(?:i|we)(?:'ve| have|'m| am| don| just| don just| have just)* (?:finish(?:ed)?|"
        rf"complet\w+|conclud\w+|done|do|inspected|wrap\w*|round\w*)\b(?: \S+){{0,6}} (?:{VISIT}|"
        rf"in-\d+|pr-\d+|job|assignment|it|am|{HOME})\b.*|"
        rf"(?:in-\d+|pr-\d+|{VISIT}|job|assignment)(?: \S+){{0,4}} (?:is |has been |don |"
        rf"na )?(?:done|complete|completed|finished|finish|concluded)\b.*|done with\b.*|i(?:'ve|"
        rf" have| don)? finish(?:ed)?\b.*|(?:here is|here'?s|find attached|attached|"
        rf"this is)\b(?: \S+){{0,3}} reports?\b.*",
        roles=(Role.INSPECTOR, Role.ADMIN),
        unless=r".*\b(?:how do|how many|which|what|when|have i|where|did i)\b.*",
    ),
    rule(
        Intent.SUBMIT_REPORT,
        5,
        r"(?:here (?:is|are)|here'?s|this is|that'?s|send|submit|submt|upload|file|attach\w*|"
        r"ready to|hand in|put this in)\b(?: \S+){0,4} (?:my |the )?(?:reports?|notes|findings|"
        r"reprt)\b.*|my (?:reports?|findings|notes)\b.*|reports?\b.*\b(?:hand in|submit|file|"
        r"send in|upload)\b.*",
        roles=(Role.INSPECTOR,),
        unless=r".*\b(?:how|which|see|show|read|where|when|did|has|have|is|paid|previous|last)\b.*",
    ),
    rule(
        Intent.MY_INSPECTIONS,
        4.5,
        r"(?:what time|when|where|address|location|directions?)\b.*\b(?:inspection|viewing|visit|"
        r"job|in-\d+|appointment)\b.*|(?:list|"
        r"show)(?: me)?(?: all)? my (?:\S+ ){0,2}(?:inspections?|viewings?|jobs?|visits?|bookings?|"
        r"appointments?)\b.*",
        roles=(Role.INSPECTOR,),
        unless=r".*\b(?:how|report|submit|finish\w*|done|complet\w*|cancel\w*|move|shift|resched\w*)\b.*",
    ),
    rule(
        Intent.INSPECTION_REPORT,
        4.5,
        r"(?:reports?|results?|findings|outcome)\b(?: \S+){0,3} (?:of|for|on|from|about|ready|"
        r"out|available|wey|dey|don|pr-\d+|in-\d+|come)\b.*|(?:see|show|view|get|read|send|"
        r"download|want|need|check|share|open|where|fetch|pull|forward|give|collect|is|has|have|"
        r"any|wan)\b(?: \S+){0,6} (?:inspection |inspector'?s? |the |my )?(?:reports?|findings|"
        r"inspection results?|result of|outcome)\b.*|"
        r"what did (?:the )?inspectors?(?: \S+){0,2} (?:find|say|see|report|write|discover|note|"
        r"think)\b.*|wetin (?:the )?inspectors?(?: \S+){0,2} (?:find|talk|see|write|report|yarn|"
        r"discover)\b.*|how did (?:the|my)(?: \S+){0,3} inspection(?: \S+){0,3} go\b.*|"
        r"(?:inspection )?report (?:of|for|on)\b.*|^(?:the |"
        r"my )?(?:inspection )?report\b(?: please| abeg)?$|pass(?:ed)? (?:the )?inspection",
        unless=r".*\b(?:report (?:an? |the |this |that |dis |him|her|my |your )(?:agent|owner|landlord|"
        r"fake|scam|fraud|problem|issue|listing|user|inspector|person|guy|man|woman)|"
        r"want to report|like to report|i wan report|submit|file|upload|how do)\b.*",
        roles=(Role.SEEKER, Role.AGENT, Role.ADMIN),
    ),
    # --- times at which one can be seen
    rule(
        Intent.LIST_SLOTS,
        5,
        rf"(?:when|what time|which time|what times|what days?|which days?|wetin time|what hours?|"
        rf"when time|times? (?:wey|when)|days? (?:wey|when))\b(?: \S+){{0,4}} (?:can|could|may|fit|"
        rf"will|is|are|go|do|should)\b(?: \S+){{0,7}} (?:{_SEE}|come|go|{VISIT}|open|free|"
        rf"available|show(?:ing|n)?|shown|waka)\b.*|"
        rf"(?:free|available|open|inspection|viewing|visiting|tour|empty|vacant|earliest|possible|"
        rf"remaining)(?: \S+)? (?:slots?|times?|hours?|dates?|days?|periods?)\b.*|"
        rf"slots?\b(?: \S+){{0,4}} (?:for|on|available|free|open|left|dey|at|are|is)\b.*|(?:any|"
        rf"what|which|show|list|get|other)(?: \S+){{0,3}} (?:slots?|openings?)\b.*|(?:which|what|"
        rf"wetin) times?\b(?: \S+){{0,4}} (?:free|open|available|dey|have|get)\b.*|"
        rf"(?:is|are|e|can)\b(?: \S+){{0,6}} (?:open|free|available) (?:for|to) (?:{VISIT}|view|"
        rf"inspect|visit|see|be)\b.*|earliest (?:i can|time|day|date|{VISIT})\b.*|(?:how soon|"
        rf"how early) can\b.*",
        unless=r".*\b(?:what time is the(?: \S+){{0,2}} (?:inspection|viewing)|my (?:next |"
        r"upcoming )?(?:viewing|inspection|visit|booking|appointment|tour)|book|reschedule|cancel|"
        r"move (?:it|in|my)|shift)\b.*",
    ),
    # --- to see one
    rule(
        Intent.BOOK_INSPECTION,
        4.5,
        rf"(?:book|schedule|reserve|arrange|fix|set up|organi[sz]e|setup|secure|plan|request|make|"
        rf"put)\b(?: (?:me|us|for me|down|in))?(?: \S+){{0,6}} (?:{VISIT}|pr-\d+|in for|"
        rf"down for)\b.*|"
        rf"(?:book|reserve|schedule|fix|arrange)\b(?: \S+){{1,4}}.*|put (?:me|us) down\b.*|"
        rf"slot (?:me|us)\b.*|pencil (?:me|us)\b.*|sign (?:me|us) up\b.*|take (?:me|us) (?:to|go|"
        rf"there)\b.*|carry (?:me|us) go\b.*|i'?ll (?:take|come|go)\b.*",
        unless=r".*\b(?:cancel\w*|resched\w*|my (?:booking|schedule|appointment|next|own|inspections?|"
        r"viewings?)|who (?:has |have |don )?book\w*|booked|how do|fee|alert|re-?book|"
        r"what time is|when is|every|anyone|anybody|do i have|give me the schedule|can'?t|taxi|"
        r"flight|hotel|where can|shortlet)\b.*",
    ),
    rule(
        Intent.BOOK_INSPECTION,
        3.5,
        rf"(?:i(?:'d| would|'ll| will|'m| am)?(?: really| just)? (?:want|like|love|wan|wish|need|"
        rf"plan|hope|prefer|coming|come|dey come|go)|can (?:i|we)|could (?:i|we)|may (?:i|we)|"
        rf"make (?:i|we)|let (?:me|us)|we want|me wan|abeg i wan|i fit)(?: to| come| go| and| also|"
        rf" dey)* {_SEE}\b.*|"
        rf"(?:to|wan|go|come) (?:go )?(?:inspect|view|visit|tour)\b.*|(?:inspect|view|visit|"
        rf"tour) (?:it|am|pr-\d+|the|this|that|dat|dis)\b.*|^(?:viewing|inspection|visit|"
        rf"tour)\b.*\b(?:for|of|on|at) (?:pr-\d+|it|this|that|the)\b.*",
        unless=r".*\b(?:when|what time|which|report|cancel\w*|resched\w*|who|my (?:bookings?|schedule|"
        r"appointments?|inspections?|viewings?|listings?|account|profile)|photos?|pictures?|price|"
        r"video|slots?)\b.*",
        one=True,
    ),
    rule(
        Intent.BOOK_INSPECTION,
        5,
        rf"how (?:do|can|should|to)(?: i| we)?(?: go about| arrange| fix| set up|"
        rf" get to)* (?:{_SEE}|viewing|seeing|inspecting|visiting|book|booking)\b.*",
        one=True,
    ),
)
