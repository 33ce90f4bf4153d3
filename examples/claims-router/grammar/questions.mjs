import { lines } from './lines.mjs'

/** Nothing has happened: somebody asks what a policy covers. */
export const question = lines(`
{Does|Would} my {home|contents} policy {pay|cover} if {a pipe|the washing machine hose} {bursts|burst} while {we are away for six weeks|the house is empty}? => asks about burst pipes while away
{Is|Will} hail damage to {the solar panels|a glass veranda} {included|be covered} {in the basic tariff|under contract type B}, or do I need {an add-on|the plus version}? => asks whether hail is included
We {plan|are planning} to {rent|hire} a {camper|motorhome} in <abroad>. {Am I insured|Is there cover} for {medical costs|a doctor} {there|if we need one}? => asks about medical cover before a trip
{Before I sign|Before renewing}: what is {the excess|my deductible} for {a windscreen|glass damage}, and {does it change my bonus|will I lose no-claims years}? => asks about the excess for glass
{My daughter|Our son} {passed her test|got his licence} {last week|in October}. {May she|Can he} drive {the Golf|our car} {under my policy|as it stands}? => asks about adding a young driver
{I start|Starting} a {food stall|yoga studio|small joinery} {next month|in spring}. Which {liability limit|cover} {do I need|would you suggest}? => asks about business cover
{How long|How many days} {abroad|outside the country} {does my travel medical run|am I covered for hospital costs} {per trip|in one go}? => asks for the trip length limit
{Is|Are} {storm surge|flooding by the river} {part of|excluded from} {my house policy|building insurance}? We {live|bought a house} {near the water|at <town>}. => asks about flood cover
{Could you|Can you} {send|mail} me {the conditions|the small print} on {bicycle theft|e-bikes}, I {want to buy|am looking at} {a cargo bike|one for work}. => asks for bicycle theft conditions
{Am I allowed|Can I} {tow a trailer|put a tow bar on} with <mycar> {or does it affect|without changing} the {premium|contract}? => asks about towing
{What|Which documents} would you {want|need} {if|in case} I ever {had to claim|needed to report} {water damage|storm damage}? {Making a folder|Just being prepared}, nothing happened. => asks about documents, no loss
{Neighbour's|My neighbour's} roof was {taken off|damaged} by the {storm|gale}; ours {is fine|held}. {Would we|Would I} {have been covered|get anything} {for a roof that old|with tiles from 1961}? => hypothetical question about roof age
{We go skiing|Skiing} in <snow> {in February|at Carnival}. {Is helicopter rescue|Are mountain rescue and a torn knee} {in|included in} the {family package|annual travel plan}? => asks about ski rescue before the trip
{Please|Kindly} {confirm|tell me} {in writing|by e-mail} that {passengers|my children in the back} {are insured|have accident cover} {if I crash|in case of an accident}. {The school wants it|For the car pool}. => asks for confirmation of passenger cover
If {my tenant|a guest} {floods the bathroom|breaks something}, {who pays|whose policy pays}, {mine or theirs|the landlord's or theirs}? {Hypothetical|Nothing broken yet}. => hypothetical tenant damage
{Thinking of|I think about} {a dog|getting a beagle}. {Does|Would} {private liability|the family policy} {include|cover} {bites|a dog bite}? => asks about dog liability
{Do you|Does Halmond Mutual} {cover|insure} {drones|a drone under 900 g} {for hobby use|when filming weddings}? => asks about drones
{Moving house|We move} {on <date>|in spring}. {From which day|When} is the {new flat|new address} insured, and {is the removal lorry|are boxes in transit} {covered|included}? => asks about cover while moving
{Lent|I'd like to lend} {my car|the van} to {a friend|my brother in law} {for a weekend|for a house move}, {insured or not|is that ok with you}? => asks about lending the car
{What happens|How does it work} with my {premium|bonus} if I {pay a small dent myself|settle a scratch privately}? {Asking in general|No accident, I'm just curious}. => general question on premium
I'm {pregnant|expecting} and {fly|flying} to <abroad> {in week 30|next month}. {Until which week|Up to when} {do you pay|is there cover for} {hospital abroad|doctors there}? => asks about pregnancy cover abroad
{My tablets|I have diabetes}: is {an existing illness|a known condition} {excluded|a problem} {on the trip to <abroad>|for travel health}? {We have not booked yet|Flight is in June}. => asks about existing illness
{Installing|We want to install} {a pool|a wood stove|a heat pump} {this summer|soon}. Must I {tell you|declare it}, and {would a leak|would fire damage} {be covered|count}? => asks about declaring an installation
{Electric car|We ordered an electric car}. {Is the battery|Is the wall box} {covered against lightning|insured} {and animal bites|or extra}? => asks about electric car cover
{Which number|Who} do I {call|ring} {at night|on a Sunday} {should something|if ever something} happen {abroad|on holiday}? {Just for the fridge door|Want it in my phone}. => asks for the emergency number
{Just comparing|I compare} {offers|quotes}: {rival|the other company} includes {gross negligence|indirect lightning}, {do you|does my plan}? => compares cover
{Is there|Is} a {waiting period|time I must wait} {for dental|before the pet plan pays}? {No treatment|Nothing planned} {yet|so far}. => asks about the waiting period
{Got your letter|Your letter <when>} about {new terms|adjusted conditions}. {Does paragraph 7|Does the part on "gradual damp"} mean {slow leaks|long-term seepage} are {out|no longer covered}? => asks about new terms
{Garage|Underground garage} {door|rules}: if {someone scratches|a stranger dents} {my car|it} {and runs|without leaving a note}, {would comprehensive|does third-party only} pay? => hypothetical parking damage
{May I|Can I} {keep|store} {three bikes|my tools} in the {shared cellar|allotment shed}, {still covered|insured there} against {burglary|theft and storm}? => asks about stored items
{Grandchildren|Two grandchildren} {visit|are visiting} {from <abroad>|in summer}. {Can I insure|Is it possible to insure} {them|the kids} for {doctor visits|illness} {here|during the stay}? => asks about visitors' cover
{Our club|The rowing club} {runs|organises} {a race|a street party}. {Do we|Must we} {take out|need} {event liability|extra insurance} {if somebody falls|in case of injuries}? => asks about event liability
{Cancel|I want to know how to cancel} {the second car|the roadside part} {from January|at the end of term}, {notice period|is a mail enough}? => asks about cancelling
{Does the policy|Will it} {respond|pay} {for tree removal|for taking the tree away} {if it falls|should a tree fall} {without hitting anything|in a storm but only on the lawn}? The {oak|willow} {leans|looks tired}. => asks about tree removal
{Work trip|My boss sends me} to <abroad> {for four months|till Easter}. {Am I|Is somebody like me} {covered by the private plan|still insured} {if I fall ill|for a hospital stay}? => asks about long work trips
{Student|I am a student}, {parents'|my parents'} policy: {is my room|are my things} in {the dorm|a shared flat} {included|insured} for {water and fire|theft}? => asks about student contents
`)

/** Tails that say again that nothing is broken. */
export const nothingHappened = lines(`
{No damage|Nothing} {so far|has happened}, {I only want to know|just asking}.
{It's|It is} {not a claim|just a question}.
{Touch wood|Fortunately} {never needed it|no claim in eleven years}.
{Asking|I ask} {for peace of mind|before it is too late|because a friend got a nasty surprise}.
{My broker|The man in the shop} {was not sure|says yes, the leaflet says no}.
{The website|Your app} {is unclear|gives two different answers}.
`)

/** Put behind a real loss: a question that does not make it a coverage question. */
export const lossAsQuestion = lines(`
{Am I covered|Is that covered}?
{Does the policy|Will you} pay for {this|that sort of thing}?
{Would|Does} {that|this} {fall under|come under} my {contract|insurance}?
{Is it insured|Am I insured for it} or {my own bad luck|must I pay myself}?
{Just a question|Quick question}: {do you cover it|is this included}?
{Can I claim|May I claim} {for this|that}?
`)
