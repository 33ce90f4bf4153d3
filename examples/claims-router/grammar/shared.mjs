import { lines } from './lines.mjs'

const words = (source) => source.split(';').map((word) => word.trim())

export const streets = words(
  'Tanner Row; Quarry Lane; Old Mill Street; Bishopsgarth; Fennel Street; Harbour Road; Larkspur Avenue; the B4410; Station Approach; Cooper Street; Elm Walk; Weir Lane; Kiln Road; St Odo Street; Lindenweg; Canal Side; Pinfold Lane; Ropery Road; Market Hill; Rue des Tilleuls',
)
export const towns = words(
  'Marrowby; Eastlow; Haverdale; Pellworth; Grensted; Ullbeck; Norrington Cross; Sandvik; Altenrode; Corvale; Whitfirth; Dunmoss; Barrowick; Lintham; Saint-Aubin-le-Vieux; Ostermoor',
)
export const shops = words(
  'Fairmart; the DIY store; Brightway; the supermarket; Tollman Foods; the furniture place; Greenleaf; the cash and carry',
)
export const abroad = words(
  'Crete; Thailand; Morocco; Lisbon; Turkey; Sri Lanka; Mexico; Bali; Egypt; Croatia; Peru; Kenya; Madeira; Vietnam; Florida; Rhodes; Naples; Tunisia; Cape Verde; Kyoto; Oman; Malta; Costa Rica; Iceland; Goa; Georgia; Jordan; the Azores',
)
export const snow = words(
  'Andorra; the Dolomites; Zermatt; Colorado; Bansko; Hokkaido; the Zillertal; Lapland',
)
export const cars = words(
  "my Corsa; my Yaris; the Octavia; our Kangoo; my old Volvo; the company Passat; my Clio; our Sharan; the wife's Micra; my van; a leased Kona; my Fabia; the family car; our hatchback; my pick-up; mums Jazz; the red Panda; my Leaf; our seven-seater; the firm's Caddy; my convertible; my Ibiza",
)
export const days = words('Monday; Tuesday; Wednesday; Thursday; Friday; Saturday; Sunday')
export const months = words('January; February; March; April; May; June; July; August; September; October')

export const when = lines(`
yesterday
last {night|<day>}
on <day>
on <date>
two weeks ago
<day> {morning|evening|afternoon}
around {noon|midnight|6 am|half past four} on <date>
this morning
three days ago
{early|late} on <day>
some time in <month>
the day before yesterday
on my birthday, <date>
`)

export const greeting = lines(`
Hi,
Hello,
Hello there,
Good morning,
Good evening,
Dear Sir or Madam,
Dear claims team,
Hi team,
To whom it may concern,
Dear all,
Hey,
Good day,
Ladies and gentlemen,
Hiya,
Dear Halmond Mutual,
Bonjour, I write in English,
`)

export const opening = lines(`
{I want|I'd like} to {report|register} {a claim|a loss|something}.
{Sorry to bother you|Sorry for the trouble}, {new to this|never done this before}.
{As discussed|As agreed} {on the phone|with your colleague}, here {in writing|are the details}.
{Following|After} our call {<when>|}:
{New claim|Claim}, please.
{Your hotline|Your phone line} {was busy for 40 minutes|hung up on me twice}, so {I write|by mail then}.
{My agent|Mr Halloran of your agency} {told me|said} to {write here|send this to you}.
{Bad news|Bad luck} {from our side|again for us}.
{Not sure|I'm not sure} {this is the right address|who deals with this}.
{I am writing|Writing} {on behalf of|for} my {mother|elderly neighbour|boss}.
{Please open|Kindly open} a {file|case} for me.
{First|First of all}: {I did nothing wrong|I stayed calm}.
{It is|It's} {a long story|a bit complicated}, {I keep it short|the short version}.
{You asked|Your form asks} {what happened|for a description}, so here goes.
Claim {form|sheet} {would not upload|crashed}, {details below|therefore like this}.
{I need help|Need help} with {this|a claim}.
{What a week|What a day}.
{Reporting|Notification of} {a loss|an incident}.
`)

export const questionOpening = lines(`
{Quick question|A quick question}.
{One thing|Something} I {never understood|always wanted to ask}.
{I'm|I am} {a customer since 2011|with you for years}.
{Reading|I was reading} {my policy|the booklet} {tonight|on the train}.
{Maybe|Perhaps} a {silly|stupid} question.
{Could somebody|Can anyone} {explain|help}?
{My wife|My sister} {and I argue about this|says I should ask}.
{Short one|Only a small thing}:
`)

export const closing = lines(`
{Please|Kindly} {get back to me|ring me} {soon|after five|before noon}.
{What|Which papers} do you {need|want} {from me|next}?
{Photos|Pictures} {attached|follow|can be sent}.
{Thanks|Many thanks}{ in advance|}.
{What now|What happens next|How do we go on}?
{Who|Which of you} {calls me|is my contact}?
{Waiting|I am waiting} for {instructions|your answer}.
{Please confirm|Confirm please} {receipt|you got this}.
{Can I|May I} {start repairs|throw things away} or {wait|must I wait}?
{Hope|I hope} {this is enough|that helps}.
{Call|Ring} {my mobile|me at work}, {not the landline|mornings only}.
{Let me know|Tell me} {where to send the bills|which form to use}.
{I trust|Trusting} {you will handle it|in a quick reply}.
{Everything else|The rest} {by phone|tomorrow}.
{Best|Kind} regards, <name>
{Yours|Yours sincerely}, <name>
{Cheers|Thx}, <name>
{Greetings|Regards}
<name>
{Sent|Written} {from my phone|in a hurry, excuse mistakes}
{No rush|Not urgent}.
{Do send|Send} {someone|an assessor} {this week|if you can}.
{An answer|A reply} {this week|today} would be {nice|great}.
{Copy|A copy} {goes to|went to} my broker.
`)

export const aside = lines(`
{I've been|I have been} with {you|your company} {for 14 years|since 1998|since my wedding}.
{First claim|My first claim} {ever|in nine years}.
{Excuse|Pardon} my {spelling|handwriting, ha}.
{I work|I'm working} {nights|shifts} so {mail is best|don't ring before two}.
{My phone|The camera} {battery was flat|is new}, {few photos|photos are blurred}.
We {have visitors|are having guests} {from Friday|all week}.
{The police|An officer} {gave me a number|wrote it down}: <ref>.
{My neighbour|A lady from the bakery} {saw everything|is a witness}.
{Paying|I pay} {premiums on time|every month}, {never late|you can check}.
{I asked|Asked} {the broker|a friend} first, {he knew nothing|she sent me here}.
{It is|It's} {the worst possible moment|exam week|harvest time}.
{Bank details|My IBAN} {have not changed|are on file}.
{Dog|Our cat} {is fine by the way|was scared}.
{Kids|The kids} {are off school|have chickenpox}, {chaos here|so excuse the delay}.
{I tried|Tried} the app, {login failed|it wants a code}.
{Retired teacher|Being a retired nurse}, I {keep every receipt|like things in order}.
{Wife|My wife} is {in labour|abroad for work}, {I handle it|so I write}.
{Our caretaker|Mr Duval, the caretaker,} {has a key|can let you in}.
{My new address|Note my new address}: {<street> 14|<street> 7, <town>}.
{Took|It took} {an hour|ages} to {find this address|get through}.
{I do not|Don't} {like to complain|want trouble}, {but|just a fair deal}.
The {moon was full|football was on}, {I remember|that's why I recall it}.
{Sorry|Apologies} {it took me so long|for writing late}, {flu|we moved}.
`)

/** The words of other routes, which change nothing. */
export const distractor = lines(`
{We fly|I fly} to <abroad> {next week|on <day>}, so {please be quick|mail me, not post}.
The storm {last month|in spring} {did nothing|passed us by}, {luckily|unlike this}.
{My cousin|A colleague} had {a burst pipe|a flooded cellar} once and you {were great|paid fast}.
I {don't need|want no} lawyer {for this|I hope}.
My {bad knee|operated hip} is {old|from football years ago}, so {no stairs for me|I can't come in person}.
{Car|The car} {was not involved|is in the garage, untouched}.
{House|The house} {itself|} {is fine|has nothing}.
{Weather|The weather} was {dry|calm}, {sun and 20 degrees|no wind at all}.
{It rained|It was raining} a bit {that day|as always here}.
{My doctor|The doctor} says {stress is bad for me|I should avoid stress}, {so help|ha}.
I {slipped you the wrong address|gave an old address} last time, {different matter|that was the bike}.
{You settled|You handled} {my windscreen|a leak} in {2022|2019} {very well|without fuss}, {closed long ago|other matter}.
{A friend|My uncle} {is a judge|works for the police} and {says write at once|told me to note it all}.
{We came back|Just back} {from holiday|from a week by the sea} {rested|tanned} and {then this|now that}.
{My son|The boy} {drives an ambulance|studies medicine}, {always calm|he helped me write}.
{I do hope|Hope} this is {not a question of small print|covered, I read page 12}.
{Brother in law|My brother in law} {is a plumber|fixes cars}, {he had a look|his view: badly made}.
{Insurance fraud|Cheats} {makes it dear for all|cost us all}, I {am honest|only want what's fair}.
`)

export const angry = lines(`
{This is|It's} the {second|third} time I {write|ask}, {unbelievable|what do I pay for}.
{Nobody|Not one of you} {answers|calls back}!
{I am|I'm} {really|very} {fed up|angry} {by now|with all this}.
{Five weeks|Ten days} of {silence|waiting music}!
{Do something|Move}, {please|for once}!
{I expect|Expecting} {a human|a person}, not {a robot|your chatbot}.
`)

export const nonNative = lines(`
{Sorry|Excuse} for my {English|bad english}.
{I am|Am} not {native speaker|good in english}, {I try|hope you understand}.
{I live|We live} here {since two years|only short time}.
{My wife|My son} {translate for me|help me with writing}.
`)

export const policyGiven = lines(`
{Policy|Policy no.|My policy:} <policy>.
{Contract|Contract number} <policy>.
{Number|My number} is <policy>.
Pol. <policy>{, {premium|package L}|}.
({policy|contract} <policy>)
{Insured|I am insured} under <policy>.
{Ref.|Our ref.} policy <policy>.
{You find me|I'm} under <policy>{ in your system|}.
`)

export const policyMissing = lines(`
{I can't|Cannot} find my policy number{, sorry|}.
{Policy number|Policy no.}: {unknown|no idea|not at hand}.
{The folder|My folder} with the policy {number is gone|is at my ex's place}, I have no number.
{No|I have no} policy number {here|to hand}{, only my name|}.
{Don't ask me|Please don't ask} for {the contract number|a policy number}, {lost it|papers are gone}.
{My contract number|The number of my policy} {got lost|is not known to me}.
{Which|What} policy number I have, {I don't know|nobody can tell me}.
`)

export const subject = lines(`
Subject: {claim|Claim|CLAIM} {from <name>|<ref>}
Subject: {urgent|please help|what to do}
Subject: {RE: your mail of <date>|Re: our call}
Subject: {Fwd: damage|Fw: report}{ - <name>|}
Subject: {(no subject)|question|from the website}
Betreff: {Schaden|Anfrage} / {claim|request}
Subject: {insurance|Insurance matter|message for claims desk}
`)

export const names = words(
  'T. Velder; Mrs Okonjo-Hale; J. Pryce-Lind; Marit S.; Ben; A. Kovalenko-Rye; R. Tamsin; Lucia F.; Mr Ahlquist; P. Demirel-Voss; Hanne; Joss W.; Greta Molander; D. Achterberg; Ines; Farouk T.; S. Lindqvist-Bray; Olu; K. Przybyl; Mina; Theo Garrick; N. Abara; Wim; Yuki D.',
)
