"""Rules of what is about agents, accounts, money and what went wrong."""

from bot.assistant.commands import Intent
from bot.assistant.rules.rule import AGENT, SPEAK, Rule, rule

_BAD = (
    r"(?:scam\w*|fraud\w*|419|fake\w*|liars?|lied|lying|thie(?:f|ves)|steal|stole|rude\w*|"
    r"insult\w*|abus\w+|harass\w*|"
    r"threat\w*|dupe\w*|cheat\w*|chop(?:ped)? (?:my|our)|yahoo|barawo|deceiv\w*|mislead\w*|misled|"
    r"dishonest|shout\w*|molest\w*|touch\w* me|embarrass\w*|unprofessional|disrespect\w*|wayo|"
    r"gbaju\w*|run away|ran away|disappear\w*|block(?:ed)? me|bogus)"
)

RULES: tuple[Rule, ...] = (
    rule(
        Intent.REPORT_PROBLEM,
        5.5,
        rf".*\b{_BAD}\b.*",
        unless=r".*\b(?:how do i (?:avoid|know|report)|(?:generate|make|create|post|forge|help me|use|"
        r"boost)\b.*\bfake|no scam|not (?:a )?scam|is (?:this|it|"
        r"inspector)(?: \w+)? (?:a )?(?:scam|fake|fraud|real|legit)|avoid scam\w*|refund)\b.*",
    ),
    rule(
        Intent.REPORT_PROBLEM,
        5,
        r"(?:agent|inspector|owner|landlord|nobody|no ?one|no body|he|she|they|dem|person|guy|"
        r"woman|man|caretaker|una people|somebody|seeker|client|tenant|visitors?|buyer|guide|man|"
        r"person)\b(?: \S+){0,5} (?:no (?:dey )?(?:come|show|pick|gree|answer|respond|reach)|"
        r"didn'?t (?:come|show|pick|turn|appear|answer|bring|reach|arrive)|did not (?:come|show|"
        r"pick|turn|appear|answer|arrive|reach)|never (?:came|show\w*|come|turn\w*|arrived|"
        r"picked)|not (?:come|show|around|there|picking|answering|responding|show up)|was(?:n'?t|"
        r" not| late| nowhere)|stood me|fail\w*|refus\w+|keeps? (?:asking|demanding|post\w*|"
        r"cancel\w*)|(?:is |was |dey |are )?(?:asking|demanding|demand|demanded|collect\w*|"
        r"asked) (?:me |for |us |to |money |my |me to pay )+)\b.*|"
        r"no[- ]?shows?|(?:want|like|need|wan|have|would like)(?: to| \w+)? (?:report|complain|"
        r"lodge|make a complaint)\b.*|complain\w*|report(?:ing)? (?:this|that|the|an?|my|dis|dat|"
        r"your|him|her|one|for)? ?(?:\S+ ){0,2}?(?:agent|owner|landlord|listing|problem|issue|"
        r"user|person|man|woman|guy|inspector|property|ad|advert|post|house|incident)\b.*|"
        r"stood me up|i (?:waited|dey wait|wait)\b.*|wait(?:ed|"
        r"ing)? (?:for )?(?:\S+ ){0,3}(?:hours?|minutes|mins|hrs?|tire|taya)\b.*|"
        r"(?:not|nothing|no be|different|doesn'?t|does not|didn'?t|no)\b(?: \S+){0,3} (?:the|like|"
        r"match|from|same|what)\b(?: \S+){0,4} (?:photos?|pictures?|pics?|listing|description|"
        r"advert\w*|what (?:i|was|you|una|is) (?:saw|posted|show\w*|said|put|see|advertised|online|"
        r"book\w*)|online|posted|listed|app)\b.*|"
        r"(?:photos?|pictures?|pics?|price|address|listing|information|"
        r"details)\b(?: \S+){0,4} (?:not real|wrong|false|incorrect|outdated|stale|old|different|"
        r"misleading|no correct|no be the same|no match|don'?t match|do not match)\b.*|(?:already|"
        r"don) (?:been )?(?:sold|rented|taken|sell|rent|go|gone)(?: \S+){0,6} (?:but|yet|since|"
        r"still|and|una|months?|weeks?|long)\b.*|(?:still|yet)(?: \S+){0,6} (?:showing|listed|"
        r"posted|advertis\w+|on the (?:app|site)|there)\b.*\b(?:sold|rented|taken|gone)\b.*|"
        r"something (?:is )?wrong|(?:sold|rented|taken|gone)\b.{0,20}\b(?:but|yet|since)\b.*|"
        r"wrong (?:address|price|info\w*|location|details)|(?:does not|"
        r"doesn'?t|no) exist|(?:not|isn'?t|no be) what (?:i|we|was|is|you|una|dey|they)|(?:photos?|"
        r"pictures?|listing)\b.*\b(?:stolen|copied)|(?:copied|stole) my\b.*|listed (?:two|three|"
        r"twice|many|\d)\b.*|(?:app|site|website|link|bot|page)\b.{0,15}\b(?:not working|"
        r"no dey work|down|crash\w*|error|not opening|doesn'?t work)|(?:can'?t|cannot|"
        r"unable to) open\b.*|(?:don tey|long ago|long time|(?:months?|weeks?|"
        r"days?) ago)\b.*\b(?:rent|rented|sold|taken|sell|gone|let)\b.*|gate (?:was )?locked|"
        r"wasted my (?:time|transport)|waste my (?:time|transport)|transport (?:for nothing|fare)",
        unless=r".*\b(?:inspection report|report of|report for|report on|how do i|receipt|wrong number|"
        r"refund|my (?:number|email|name))\b.*",
    ),
    rule(
        Intent.PAYMENT_QUERY,
        5,
        r"refund\w*|receipts?|invoices?|pay-?outs?|debit(?:ed)?(?: alert)?|deduct\w*|reversal|"
        r"revers(?:e|ed)|transactions?|wallet|withdraw\w*|disburs\w*|settle(?:d|ment)|"
        r"my (?:payments?|deposit|earnings|balance|cash|change)|(?:payment|transfer) (?:failed|"
        r"pending|not|never|status|confirm\w*|history|bounced|went|was|is|has|did|i made|wey i|"
        r"declined|successful|made|for (?:my|in-\d+|the))\b.*|(?:i|we)(?:'ve| have| don| just|"
        r" already| don already)* (?:paid|pay|made (?:a |the |my )?(?:payment|transfer)|"
        r"transferred|transfer|sent (?:the )?money|send (?:the )?money)\b.*|"
        r"(?:charged|debited|billed|charge) (?:me )?(?:twice|double|two times|again)|"
        r"double (?:charge|debit|payment)\w*|money (?:back|never|has(?:n'?t| not)|no|not|is|was|"
        r"don|still|wey i)\b.*|my (?:money|commission|transfer|fee|refund|salary|pay|"
        r"allowance)\b.*|(?:pay|paid) me\b.*|(?:when|have|has|did)\b(?: \S+){0,4} (?:paid|pay me|"
        r"payment|payout|commission|credited|receive my)\b.*|bank (?:charged|debited|"
        r"account (?:was|don))|commission\b.*|card (?:was )?(?:declined|charged|debited|rejected)|"
        r"(?:owe|owing) me|where is my money|earnings|how much (?:have i|i don|did i) (?:earn\w*|"
        r"made|make|pay|paid)\b.*",
        unless=rf"^(?:please |abeg |hi |hello )*how (?:do|can|to) i (?:talk|speak) to an agent|"
        rf".*\b(?:{_BAD}|how (?:do|can|much|to) (?:i |is |you )?(?:pay|inspection|agency)|"
        rf"^how\b.*\bwork|how am i paid|(?:what|which|how much) commission|before (?:i|we|you|"
        rf"una) pay|withdraw my (?:inspection|viewing|visit|booking|request)|"
        rf"money no (?:too )?(?:plenty|much|dey)|booking paid|before (?:viewing|inspection|i see)|"
        rf"nobody|anybody|anyone|someone|somebody|pr-\d+ price|can pay|will pay|my budget|"
        rf"bed(?:room)?s?|didn'?t show|no show|never (?:came|showed))\b.*",
    ),
    rule(
        Intent.MY_ACCOUNT,
        5.5,
        r"my (?:accounts?|profile|phone(?: number)?|mobile|number|e-?mail(?: address)?|name|"
        r"password|notifications?|kyc|verification|nin|bvn|subscription|settings?|picture|photo|"
        r"language|details|data|info|identity|id card|username|alerts?|personal\b.*|dp|"
        r"whatsapp number|bank details|bank account|bio|surname|preferences?)\b.*|(?:delete|close|"
        r"deactivate|remove|suspend|erase|open|create|disable|wipe|terminate) (?:my |an |this |"
        r"all my )?(?:account|profile|data)|"
        r"(?:verify|verified|verification)\b.*|un-?subscribe|(?:stop|turn off|mute|disable|pause|"
        r"turn on|enable|switch off|switch on|off|reduce|change|on)(?: \S+){0,4} (?:notifications?|"
        r"messages|alerts?|reminders?|updates|sms|emails?|newsletter|texts|marketing|promos?)\b.*|"
        r"stop (?:sending|texting|messaging|disturbing|notifying|telling)\b.*|log ?(?:me )?out|"
        r"unlink|sign (?:me )?out|am i (?:verified|registered|linked|logged in|approved)|(?:reset|"
        r"forgot|forget|change|update) (?:my |the )?(?:password|pin|login|number|phone|email|name|"
        r"profile)\b.*|what (?:data|information|info)(?: \S+){0,3} (?:about me|have on me|"
        r"of mine)\b.*|(?:upload|submit|send) my (?:id|nin|documents?|passport|licen[cs]e)\b.*",
        unless=rf".*\b(?:{_BAD}|agent'?s? (?:number|phone)|^(?:please |abeg |hi |hello )*how (?:do|can|to|"
        rf"long)\b|account manager|(?:unlock|recharge|charge|meaning of|fix) my|"
        rf"how many (?:listings|properties)|my name oluwa\w*|badge|(?:which|what) properties|"
        rf"posted|agents? verified|another|other people\S*|(?:reach|call|contact|text) me|"
        rf"call my (?:number|phone)|give (?:him|her|the agent|them) my|refund|debited|paid|payment|"
        rf"payout|my listings?|my propert\w+|my name (?:is|na)|verified (?:agents?|listings?|"
        rf"propert\w+|owners?|landlords?)|agent (?:is )?verified|pr-\d+|when|once|new \S+ in)\b.*",
    ),
    rule(
        Intent.CONTACT_AGENT,
        5,
        rf"(?:{SPEAK}|message|text|email|dm|whatsapp|ring|buzz|mail|get in touch|meet|write|send|"
        rf"tell|ask|inform|let|connect|beg|notify|need|want|wan|see|have|share|drop|who is|who be|"
        rf"who'?s)\b(?: \S+){{0,5}} {AGENT}\b.*|"
        rf"{AGENT}(?:'?s)? (?:phone|number|contact|whatsapp|email|details|line|digits|no\b|"
        rf"info)\b.*|(?:phone|number|contact|whatsapp|email|line|digits|phone number|telephone|"
        rf"details) (?:of|for)(?: \S+){{0,3}} {AGENT}\b.*|(?:contact|reach|call|number)(?: details|"
        rf" number| person| info)? (?:of|for) pr-\d+\b.*|who(?: is|'?s| be|"
        rf" dey)?(?: \S+)? (?:the )?(?:agent|owner|landlord|caretaker|listing|in charge|handling|"
        rf"selling|own|get)\b.*|(?:agent|owner|landlord|caretaker)\b(?: (?:of|for|in charge of|"
        rf"that|wey get|wey dey))* (?:pr-\d+|it|the|this|that|am)\b.*|{AGENT} (?:please|abeg|pls)",
        unless=rf".*\b(?:{_BAD}|(?:does|do|is|are|will|would|can|did) (?:the |your )?(?:landlord|agent|"
        rf"owner|landlady)s? (?!reach|be reached)|seeker to agent|bvn|nin|earns?|payout|all agents|"
        rf"live agent|human agent|customer|support agent|your agents?|complain\w*|without agent|"
        rf"no agent|agent fee|agency|direct|report|didn'?t|never|no show|i am (?:a|an|"
        rf"the) (?:agent|owner|landlord)|i'm (?:a|an|the) (?:agent|owner|landlord)|"
        rf"become an? agent|register)\b.*",
    ),
)
