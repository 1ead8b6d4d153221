"""Rules of what is about the talk itself: somebody real, help, greetings, what is none of ours, attacks."""

from functools import cache
from pathlib import Path

from bot.assistant.commands import Intent
from bot.assistant.rules.rule import AGENT, HOME, SPEAK, SUPPORT, Rule, rule
from inspector_whatsapp.models import Role

_OTHERS = (
    r"(?:(?:(?:all|every|each|any|another|different|all the|all your|all of your|of other|the other|other)\s+"
    r"(?:other\s+|registered\s+|your\s+|the\s+)?"
    r"(?:users?|seekers?|people|persons?|tenants?|customers?|clients?|landlords?|owners?|agents?|inspectors?|"
    r"members?|buyers?|accounts?|guy|man|woman))|every ?body|every ?one|some(?:body|one)(?: else)|"
    r"any(?:body|one) else|another person|users)(?:'?s)?"
)
_PRIVATE = (
    r"(?:phones?|numbers?|contacts?|e-?mails?|address(?:es)?|details?|data|bookings?|inspections?|schedules?|"
    r"messages?|chats?|payments?|receipts?|records?|profiles?|accounts?|identit\w+|nin|bvn|bank|information|"
    r"info|passwords?|names|reports?|appointments?|viewings?|visits?)"
)
_ONES_OWN = (
    r"(?:agent|owner|landlord|landlady|caretaker|inspector|it|that|what|today|tomorrow|there|let|"
    r"property|here|who|how|where|when|he|she|seller|day|week|\w+day|month|year|god|children|"
    r"everything|something)"
)

# What the platform is about: asking how something else is done is none of ours.
_OURS = (
    r"book\w*|inspect\w*|view\w*|list\w*|post\w*|pay\w*|paid|cancel\w*|re-?sched\w*|postpone|move|"
    r"shift|account|verif\w*|agents?|rent\w*|houses?|home|"
    r"propert\w*|flats?|apartments?|land\w*|search\w*|find|alerts?|report\w*|refunds?|contact|"
    r"receipts?|app|this|it|am|number|profile|password|works?|"
    r"start|use|using|register|sign|join|una|upload|photos?|price|visit\w*|tour\w*|slots?|notif\w*|"
    r"save|saved|buy|sell|owner|know|reach|talk|speak|"
    r"deposit|caution|fees?|tenan\w*|shortlet|delete|unlink|link|connect|change|stop|you|complain|"
    r"scam\w*|trust|safe|become|results?|filter|that|pr-\d+|in-\d+"
)

MOST_SMALL = 14  # words; who says more says something
UNSAFE = Intent.UNSAFE_REQUEST
RULES: tuple[Rule, ...] = (
    rule(
        UNSAFE,
        9,
        r"(?:ignore|disregard|forget|overrid\w+|bypass|skip|comot|throw away|drop)\b.{0,50}"
        r"(?:instructions?|rules?|prompts?|guidelines?|polic(?:y|ies)|restrictions?|safety|"
        r"filters?|guardrails?|"
        r"you (?:were|was) told|they (?:tell|told) you|dem tell you|programming|training|"
        r"(?:previous|prior) (?:messages?|orders?|commands?))",
    ),
    rule(
        UNSAFE,
        9,
        r"system prompt|(?:your|the) (?:hidden|initial|secret|system|original|internal) (?:prompt|"
        r"instructions?|rules?|message)|your prompt|your instructions|"
        r"(?:developer|debug|god|admin|root|sudo|dan|maintenance|test|jailbreak\w*|"
        r"unrestricted) (?:mode|access|rights|privileges?|panel)|"
        r"jailbreak\w*|you are now|from now on,? you|no restrictions|new instructions?|system ?: |sudo",
        unless=r"gate|street",
    ),
    rule(
        UNSAFE,
        9,
        r"select\b.+\bfrom\b.*(?:users?|table|where|inspection\w*|\*)|drop\s+table|union\s+select|"
        r"or '?1'? ?= ?'?1|insert into|delete from|update \w+ set|"
        r"truncate table|rm -rf|import os|eval\(|exec\(|os\.environ|environ\w* variables?|env file|base64|"
        r"(?:run|execute|write|give me)(?: \w+){0,3} (?:sql|query|script|code|python|command|"
        r"shell)|sql|javascript|stack ?trace|"
        r"(?:api|secret|access|private|signing) (?:keys?|tokens?)|credentials|(?:database|db|"
        r"server)(?: \w+)? (?:dump|password|url|schema|tables?|backup)|dump (?:the|your|"
        r"all)(?: \w+)* (?:database|db|tables?|users?)|source code|"
        r"(?:admin|root|database|staff|agent'?s?|his|her|their|user'?s?) (?:passwords?|login|pin|otp)",
    ),
    rule(UNSAFE, 9, r"<\s*/?script.*|\$\{.*|\{\{.*|.*;\s*--.*|select \*.*"),
    rule(
        UNSAFE,
        9,
        rf"{_PRIVATE}\b.{{0,25}}\b(?:of|for|from|belonging to|wey be)\b.{{0,15}}\b{_OTHERS}",
        unless=r"notify|alert me|flat(?:s)? for",
    ),
    rule(UNSAFE, 9, rf"{_OTHERS}\s+(?:own |phone |private |personal |bank |home |e-?mail )?{_PRIVATE}"),
    rule(
        UNSAFE,
        9,
        r"(?:show|give|send|tell|list|export|download|leak|reveal|print|share|read|open|check|see|"
        r"access|display)\b.{0,20}"
        rf"\b(?:all|every|other|another|someone|somebody|people)\b.{{0,40}}\b(?:{_PRIVATE}|users?|"
        rf"seekers?|landlords?)\b.*",
        unless=rf".*\b(?:my|{HOME}|for (?:rent|sale)|i (?:have|get|booked|book)|assigned|me my)\b.*",
    ),
    rule(
        UNSAFE,
        9,
        r"(?:cancel|delete|change|move|reschedule|book|approve|reject|edit|remove|use|login|enter)\b.{0,30}\b"
        r"(?:someone else'?s?|somebody else'?s?|another (?:person|user|seeker|agent|tenant|"
        r"customer|client)'?s?|"
        r"other (?:people|persons?|users?|seekers?|agents?|person)'?s?|every ?body'?s?|"
        r"every ?one'?s?|all users?'?|"
        r"(?:his|her|their) (?:account|booking|inspection|viewing|appointment|profile|name|number|phone))",
    ),
    rule(
        UNSAFE,
        9,
        r"(?:log|sign) ?(?:me )?in(?:to)? (?:as|with)(?! my)|(?:log|sign|switch|"
        r"change) (?:me )?(?:in ?)?to (?:the |an? )?(?:admin|\w+'s|agent'?s?|another|"
        r"other) account|"
        r"(?:act|behave|pose|respond|answer) as (?:if you|an?|the|though)|pretend (?:to be|you|"
        r"that|i|say)|role ?play|impersonate\w*|"
        r"(?:as|make me) (?:an? )?(?:the )?(?:admin|administrator|super ?user)|treat me as|book as (?!soon)|"
        r"i am (?:now )?(?:the|an|your) (?:admin|administrator|developer|ceo|owner of (?:this|"
        r"the) (?:bot|platform|company))|"
        r"(?:without|skip) (?:verification|asking|confirm\w+|approval|otp)|in (?:his|her|their) name",
        unless=r".*\b(?:looking for|bed(?:room)?s?|flat)\b.*",
    ),
    rule(
        UNSAFE,
        9,
        rf"(?!{_ONES_OWN}'?s)(?:(?:mr|mrs|miss|ms|chief|alhaji|alhaja|dr|madam|mama|oga|aunty|"
        rf"uncle)\.? )?\w{{3,}}'s (?:own |phone |private |e-?mail )?"
        r"(?:phones?|numbers?|contacts?|e-?mails?|home address|bookings?|inspections?|schedules?|"
        r"messages?|chats?|payments?|receipts?|profiles?|accounts?|nin|bvn|passwords?|report|"
        r"appointments?|viewings?|visits?|data|details)",
        unless=r"i am|my",
    ),
    rule(
        UNSAFE,
        9,
        rf"(?:the )?(?:other|another|previous|last|current|next) (?:person|people|seekers?|"
        rf"tenants?|customers?|clients?|users?|buyers?|viewers?|visitors?)\b.*\b{_PRIVATE}|"
        rf"{_PRIVATE} of (?:the )?(?:other|another|previous|last|current|next) (?:person|people|"
        rf"seekers?|tenants?|customers?|clients?|users?|buyers?|viewers?|visitors?)|"
        r"(?:my|his|her) (?:ex|neighbou?r|boyfriend|girlfriend|husband|wife|boss|colleague|rival|"
        r"competitor|friend|sister|brother)(?:'?s| him| her| im| own)? (?:number|phone|bookings?|"
        r"inspections?|account|schedule|viewings?|location|address|details|messages?)",
    ),
    rule(
        UNSAFE,
        9,
        r"(?:who|which (?:people|seekers?|persons?|clients?|customers?|users?)|names? of (?:people|"
        r"the people|those|seekers?|who(?:ever)?)|how many (?:other )?people)(?: else)?\b.{0,30}"
        r"\b(?:com(?:e|es|ing)|view(?:s|ing|ed)?|inspect(?:s|ing|ed)?|visit(?:s|ing|ed)?|book(?:s|"
        r"ing|ed)?|see(?:s|ing|n)?|check(?:s|ing|ed)?|go(?:ing)? (?:see|to see))",
        roles=(Role.SEEKER,),
        unless=r".*\b(?:my (?:flat|house|property|listing|place|apartment)|inspector|will (?:meet|show|"
        r"take))\b.*",
    ),
    rule(
        UNSAFE,
        9,
        r"(?:generate|create|make|post|forge|use|boost|write|upload|submit)\b.{0,30}\b(?:fake|"
        r"forged|false|dummy)\b.*|forge\b.*|(?:cancel|delete|book|approve|remove)\b.{0,12}\b(?:all|"
        r"every)\b.*\b(?:platform|system|users?|every ?one|site)\b.*|(?:help me|how (?:do|can|"
        r"to)(?: i)?) (?:scam|trick|"
        r"hack|cheat|dupe|defraud)\b.*|"
        r"(?:account|password|code|number|email|profile|bookings?|inspections?|"
        r"details)\b.{0,12}\b(?:of|linked to|for|belonging to|on)\b.{0,8}(?:\+?\d{7,}|\S+@\S+|"
        r"user \d+)|user (?:id )?\d+|"
        r"(?:his|her|their|landlord'?s?|agent'?s?|owner'?s?|seeker'?s?|inspector'?s?) (?:bvn|nin|"
        r"bank\b.*|home address|password|salary|earnings)|(?:bvn|nin|password|home address|salary|"
        r"earnings?) (?:of|for) (?:the|an?|that|every|all|agent|inspector|landlord|mr|mrs)\b.*|"
        r"without (?:checking|going|telling|verification|approval|permission)\b.*|(?:i am|i'm|"
        r"this is|i be|na) (?:the |an? |your )?(?:police|admin|efcc|developer|support team|ceo|"
        r"hacker|moderator)\b(?! looking).*|"
        r"(?:all|every) (?:the |of the )?(?:refunds?|payments?|prices?|slots?|bookings?|"
        r"transactions?|chats?|messages|inspections) (?:made|of|in|by|from|at|for (?:all|"
        r"every))\b.*|(?:another|other|rival'?s?|competitor'?s?|neighbou?r'?s?|"
        r"different) (?:agent'?s? )(?:name|listing|house|property|account|report)\b.*|(?:rival|"
        r"competitor|neighbou?r)'?s? (?:name|listing|house|property|account|report|flat)\b.*|"
        r"(?:book|use|sign|do)\b.*\bin (?:his|her|their|my \w+'?s) name\b.*|"
        r"(?:by )?removing the other person|(?:edit|change|delete|alter|"
        r"rewrite)\b.{0,20}\b(?:report|complaint|review)\b.*(?:say|against me|about me|"
        r"of inspector).*",
        unless=r"how do i (?:avoid|report)\b.*|another property\b.*|.*\b(?:looking for|"
        r"system admin looking)\b.*",
    ),
    # --- none of ours
    rule(
        Intent.OUT_OF_SCOPE,
        4.5,
        r"(?:weather|rain (?:today|tomorrow)|football|soccer|arsenal|chelsea|super eagles|"
        r"man(?:chester)? (?:u|utd|united|city)|premier league|world cup|match|who won|"
        r"live ?scores?|president|senator|election|politics|capital of|population of|history of|"
        r"bitcoin|btc|crypto\w*|forex|betting|bet9ja|sporty ?bet|odds|exchange rate|(?:dollar|"
        r"pound|euro) rate|stocks?|shares|jokes?|poems?|essay|homework|assignment for school|solve|"
        r"equation|calculate|plus|minus|translate|translation|movies?|netflix|songs?|music|lyrics|"
        r"news|visa|passport application|flights?|airline|recipes?|cook\w*|jollof|pizza|shawarma|"
        r"restaurants?|food|order (?:me )?(?:food|pizza)|uber|bolt|taxi|ride|buy (?:a |"
        r"me a )?(?:car|phone|laptop|iphone)|iphone|laptop|toyota|camry|corolla|lexus|benz|tokunbo|"
        r"vehicles?|keke|okada|fridge|television|car for sale|loans?|borrow|"
        r"jamb|waec|neco|exam|nysc|"
        r"dentist|doctor|hospital|drugs?|medicine|malaria|symptoms?|headache|diet|lose weight|"
        r"horoscope|girlfriend|boyfriend|dating|marry|fall in love|pray(?:er)?|prophecy|barber|"
        r"salon|hair ?dress\w*|tailor|mechanic|plumber|electrician|python|javascript|code|"
        r"programming|"
        r"airtime|data bundle|recharge|mtn|glo|airtel|dstv|gotv|electricity bill|job vacanc\w+|"
        r"hiring|cv|cover letter|birthday|wedding|party|event cent\w+|hotel room|meaning of life|"
        r"chatgpt|what is \d+ ?[-+*x/].*|\d+ ?[-+*x/] ?\d+ ?=.*)",
        unless=r".*\b(?:bed(?:room)?s?|flats?|apartments?|duplex|house|houses|land|shop|property|"
        r"properties|rent|landlord|agent|inspection|viewing|short ?let|pr-\d+|in-\d+|self ?con\w*|"
        r"estate|furnished)\b.*",
    ),
    rule(
        Intent.OUT_OF_SCOPE,
        5,
        r"how (?:do|can|to|does|should|would|i go|i fit)\b.+|teach me\b.*|can you (?:write|teach|"
        r"explain|recommend|make|sing|draw|tell me a|fix)\b.*",
        unless=rf".*\b(?:{_OURS})\b.*",
    ),
    # --- somebody real
    rule(
        Intent.HUMAN_HANDOFF,
        5.5,
        rf"(?:{SPEAK})\b.{{0,25}}\b{SUPPORT}",
        unless=rf".*\b(?:tell|{AGENT}) (?:for|of) .*pr-.*",
    ),
    rule(
        Intent.HUMAN_HANDOFF,
        5.5,
        r"(?:i (?:want|need|wan|prefer)|get me|give me|is there|can i (?:get|have|see)|"
        r"let me (?:have|get)|una get)"
        r"(?: to (?:speak|talk) (?:to|with))? ?(?:a |an |any |real |actual |live |"
        r"one )*(?:human(?: being)?|person|representative|customer care|customer service|operator|"
        r"somebody real)|"
        r"(?:not|no be|instead of|tired of|no want)(?: this| an?| the| talking to| to talk to|"
        r" dey talk to)* (?:ro)?bots?|real (?:human|person)|human being|person wey be person|"
        r"customer (?:care|service|support)|"
        r"call me back|(?:call|ring) me|(?:somebody|someone|person) (?:should|to|can|must|go|"
        r"fit) (?:please )?(?:call|ring|attend|help|talk|speak|assist|answer|reply)\b.*",
        unless=r".*\b(?:agent|owner|landlord|when|if|once)\b.*|.*\b(?:rude|scam\w*|insult\w*)\b.*",
    ),
    # --- how things are done
    rule(
        Intent.HELP,
        5,
        r"how (?:do|can|does|should|would|must|could|to|long|i go|i fit|i wan|we go|you go|una|"
        r"e dey|this|person|one|person go|somebody go|the)\b(?: \S+){0,12}",
        one=False,
        unless=r"how (?:do|can|does) (?:it|the place|the house|that one) (?:cost|look)\b.*|how do you do|"
        r"how you dey|how (?:can|do|should) i (?:reach|contact|call) (?:the |your )?(?:agent|owner|"
        r"landlord|support|customer).*|"
        r"how the (?:body|day|market|family|work)\b.*|how far.*|how (?:can|do) i (?:get|claim|"
        r"collect) (?:my )?(?:refund|money|payment|receipt).*|how to .*(?:bomb|cook|hack|"
        r"make money).*|.*\bmy (?:account|profile|password|phone number|notifications?)\b.*|"
        r".*\bhow do i (?:say|call)\b.*|^(?!.*\b(?:" + _OURS + r")\b).*",
    ),
    rule(
        Intent.HELP,
        5.5,
        r"(?:how|wetin|what) (?:can|fit|do|does|una|you)(?: \w+){0,2} (?:do|offer|help)|"
        r"what (?:can|do|does) (?:you|this|una|inspector|the bot|it)(?: \w+){0,2}(?: do| offer|"
        r" mean| work| help.*)?|wetin (?:you|una) (?:fit|dey|sabi) do|"
        r"how (?:it|this|e|everything|the (?:app|platform|bot|service|process|thing)|inspection|"
        r"booking|una|things?)(?: \w+){0,2} (?:works?|dey work|take work)|"
        r"(?:what|which|wetin)(?: \w+){0,3} (?:documents?|papers?|requirements?|steps?|process|"
        r"procedure|id|identification)\b.*|(?:documents?|papers?|"
        r"requirements?)(?: \w+){0,3} (?:needed|required|do i need|i need|to rent|to buy)|"
        r"what(?: do i|'?s| is| are| does)? (?:i )?(?:need(?:ed)?|required)(?: \w+)* (?:to|for|"
        r"before) (?:rent|buy|book|view|inspect|register|list|sell|start|move)\b.*|"
        r"(?:what'?s|what is|what are|wetin be|explain|define|meaning of|mean by|"
        r"difference between|tell me about)(?: \w+){0,3} (?:agency|caution|legal|agreement|"
        r"commission|service charge|c of o|certificate of occupancy|deed|governor'?s consent|"
        r"survey|kyc|shortlet|inspection fees?|viewing fees?|mini flat|self con\w*|bq|tenancy|"
        r"escrow|policy|terms|fees?|charges)\b.*|"
        r"(?:do|must|should|will|can) (?:i|we|you|una)(?: \w+){0,3} (?:pay|charge|"
        r"collect)(?: \w+){0,4} (?:inspection|viewing|visit|visits?|before (?:viewing|inspect\w+|"
        r"seeing)|fees?|to (?:view|inspect|see|use))\b.*|"
        r"(?:is|are|na)(?: \w+){0,4} (?:inspections?|viewings?|visits?|tours?|service|app|it|"
        r"platform|bookings?|to (?:book|view|inspect))(?: \w+){0,3} free(?: of charge)?|"
        r"(?:inspection|viewing|booking|agency|legal|caution|service|agreement|"
        r"commission) (?:fees?|charges?|costs?)(?: \w+){0,4}|"
        r"una dey (?:charge|collect)\b.*|how much (?:is|are|be|do you charge for|una dey (?:charge|"
        r"collect) for|does|for|to|na)(?: \w+){0,3} (?:inspections?|viewings?|agency|legal|caution|"
        r"commission|registration|to (?:book|view|inspect|list))\b.*|"
        r"(?:i need |need )?help(?: me)?|guide me|teach me|show me how|commands|menu|instructions|"
        r"faqs?|what next|i (?:don'?t|do not|no) (?:understand|know how|sabi)(?: \w+){0,4}|"
        r"i'?m (?:confused|lost|new here)|first time",
        one=False,
        unless=r".*\b(?:help me (?:solve|translate|write|cook|find|look|get|book|cancel|check|post|list|"
        r"sell|rent|move|with (?:a|my)|reschedule|search|see|fix|upload|contact|call)|i(?:'ve|"
        r" have)? paid|refund|scam\w*|fake)\b.*|.*\bhuman\b.*|.*\b(?:homework|jamb|business|music|"
        r"politics|help (?:line|desk)|other customers|inspector \w+ earn|what do you have in|"
        r"do you have|monitor|viewing fee\S* before|opening the gate)\b.*|"
        r".*\bfee been confirmed\b.*|which account\b.*",
    ),
)


@cache
def _words_of_small_talk() -> tuple[frozenset[str], frozenset[str]]:
    """Words that greet or thank, and those that stand beside them."""
    text = Path(__file__).with_name("small_talk.txt").read_text(encoding="utf-8")
    greeting, beside = (
        frozenset(word for line in part.splitlines() if not line.startswith("#") for word in line.split())
        for part in text.split("\n\n")
    )
    return greeting, beside


def is_small_talk(words: str) -> bool:
    """Whether nothing but greetings, thanks and the like is said."""
    greeting, beside = _words_of_small_talk()
    said = [word for each in words.split() if (word := each.strip(".,!?:;-"))]
    return (
        0 < len(said) <= MOST_SMALL
        and all(word in greeting or word in beside for word in said)
        and any(word in greeting for word in said)
    )
