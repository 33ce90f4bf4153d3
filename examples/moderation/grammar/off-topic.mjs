import { lines } from '../../claims-router/grammar/lines.mjs'

/** Posts that have nothing to do with growing things. */
export const offTopic = lines(`
{Did you see|Who saw} {the final|the match} {last night|on Saturday}? {That penalty|The goal in extra time}!
{My laptop|The laptop} {freezes|restarts} {at every update|when I open mail}, {what can I do|any idea}?
{Looking for|Can you name} a {good|cheap} {dentist|optician} {near <town>|who speaks slowly}.
{Which|What} {series|film} {are you watching|is worth it} {this week|on rainy evenings}? {We finished the Danish one|Nothing with ghosts please}.
{Petrol|Diesel} {at 1.92|up again}, {I take the bus now|where will it end}.
{Is|Was} the {motorway|ring road} {still closed|jammed} {at <town>|after the tunnel}?
{The election|This election} {will be close|bores me}, {who did you vote for|what do you think of the mayor}?
{My daughter|Our son} {got into|passed} {music school|the driving test}, {we are so proud|party on Friday}!
{Anyone|Does anybody} {else} {up|awake} because of {the full moon|the loud party in <town>}?
{Phone|My phone} {falls in the toilet|has a cracked screen}, {rice or repair shop|insurance pays or not}?
{Happy birthday|All the best}, <name>! {Fifty|Forty} {is nothing|looks good on you}.
{How do you|Can one} {descale|clean} {a coffee machine|an iron} {without vinegar smell|quickly}?
{The cinema|Our cinema} in <town> {closes|shuts} {for good|in May}, {a shame|sign the petition}.
{Learning|I learn} {Italian|the accordion} {at sixty|with an app}, {ten minutes a day|my wife leaves the room}.
{Tax|My tax} {form|return}: {where|in which line} {do commuters' costs go|does the pension go}?
{Flight|Our flight} {cancelled|nine hours late}, {do they pay the hotel|who has had that}?
{Best|What is your best} {joke|pun} {about lawyers|with a parrot}? {Mine is not fit to print|I start}.
{The bakery|Baker Toll} {has|sells} {almond horns|the good rye} again{, go early|}.
{Recipe|A recipe} for {pizza dough|cheesecake} that {rises|sets} {overnight|without gelatine}?
{Crossword|Quiz}: {river in Poland, four letters|seven letters, "in a hurry"}, {help|I'm stuck}.
{New shoes|My boots} {squeak|pinch}, {talcum powder|stretch them}, or {send them back|wear them out}?
{Power cut|No electricity} {in the whole street|since noon}, {board games it is|freezer is thawing}.
{What|Which} {phone contract|bank} do you {use|have}? {Mine raised the fees|I only need the basics}.
{Chess|Skat} {evening|round} {at the pub|in <town>} {on Thursday|every first Monday}, {two seats free|beginners too}.
{Cold|The flu} {has got me|got the family}, {tea and films|three days in bed}.
{Concert|Tickets for the concert} {was|were} {brilliant|too loud}, {the drummer is a legend|second encore, wow}.
{House|The flat} {next to ours|above} is {being rebuilt|a hammer concert}, {noise from seven|dust everywhere}.
{I|We} {drive|go} to {Norway|the lake} {by camper|in July}, {tips for ferries|where to sleep}?
{Printer|The printer} {says|claims} {no paper|cartridge empty}, {there is|it is full}!
{Mattress|New mattress}: {hard|soft}? My {back|hip} {says no|hurts}.
{Train strike|Strike} {again|from Tuesday}, {who carpools|bus is full} {to <town>|at six}?
{Has|Did} {anyone read|someone finish} the {new crime novel|book} by {Falk Orsen|M. Tarrant}? {The end annoyed me|Who did it}?
{Clock|The clock} {goes back|changes} {tonight|on Sunday}, {an hour more sleep|I never know which way}.
{School|The school} {cancelled|moved} {swimming|the trip}, {parents are furious|no reason given}.
{Running|I run} {five|ten} {k|kilometres} {before breakfast|twice a week}, {knee is fine again|who joins}?
{Job interview|An interview} {tomorrow|at nine}, {wish me luck|what does one wear today}?
`)

/** Off-topic, though the words of a garden are in it. */
export const offTopicButHard = lines(`
{A bug|There's a bug} in {my spreadsheet|the app}, {not the six-legged kind|leaves me speechless}: {sums are wrong|it won't open}. => bug
{My family tree|The family tree} goes {back to 1710|down to a miller}, {which site do you use|who can read old script}? => tree
{Branch|The branch} of the bank in <town> {shuts|moves}, {who still goes to a counter|cash machine stays}. => branch
{We moved|Moved} to {Garden Street|Rose Lane}, {anyone know|who knows} a {removal firm|cheap carpet layer}? => street
{Plant|The car plant} {in <town>|near us} {lays off|cuts} {300 people|the night shift}, {sad|my cousin is one}. => plant
{Film|The film} "{The Orchard|Wild Seeds}" {was boring|made me cry}, {great actors though|two hours of talking}. => film
{Turnip|Old turnip} is what {my computer|the console} is, {which graphics card|can it run the new game}? => turnip
{Couch|A couch} {potato week|all weekend}: {four films|two series}, {zero steps|no regrets}. => potato
{Raspberry|A Raspberry} Pi as {media server|ad blocker}: {which case|needs a fan}, {who has done it|help}? => raspberry
{Grass|The grass} at the stadium {was awful|cost us the match}, {the keeper slid past|trainer blamed it}. => grass
{Root canal|A root canal} {tomorrow|on Monday}, {scared|does it hurt}? => root
{Hedge funds|A hedge fund} {bought|wants} my {employer|old firm}, {should I worry|shares went up}. => hedge
{Bulb|The bulb} in {my headlight|the hall lamp} {blows|goes} {every month|again}, {loose wire|wrong watt}? => bulb
{Spade|Queen of spades} or heart first? {Our bridge round|We} {argue|can't agree} {since Tuesday|every week}. => spade
`)
