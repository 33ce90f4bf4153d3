import { lines } from './lines.mjs'

/** What people add about the matter itself: it belongs to the kind of loss, and never changes the route. */
export const tails = {
  vehicle: lines(`
{Car|The car} still drives, {but|only} {the bumper|a panel} {rattles|flaps}.
{Do I get|Can I have} a courtesy car {while it is in the garage|during the repair}?
{Body shop|The bodywork garage} {has a slot|could start} {on <day>|next week}.
Repainting the {door|wing|bumper} {takes two days|needs the exact colour code}.
{Plate|Registration} {<ref>|on the photo}, {first registered 2019|MOT until spring}.
{Paint shop|The painter} {matches|must mix} the metallic {grey|blue}.
{My|The} excess on {comprehensive|the motor policy} is {300|150}, {I think|if I read it right}.
{Photos|Pictures} of the {dent|scratches|bodywork} {are in the app|attached}.
{Parked it|It stands} at the {dealer's|garage}, {mechanic|workshop man} {Lenny|Sorin} {knows|has the key}.
{Headlight|Indicator} {tape|glass} {holds for now|must do until the part comes}.
{Spare part|The bumper part} {on order|is hard to get}, {vehicle roadworthy|car can be driven}.
{May my usual garage|Can my own workshop} {repair it|fix the car} or {must it be|only} one of yours?
{Bodywork|Scratched panels} {and paint|plus one wheel}, {mechanics fine|engine is fine}.
Car is {seven|four} years old, {60,000|85,000} km, {never had a dent|no earlier damage}.
{Tow truck|The breakdown lorry} {brought it to|left the car at} {the yard|a garage in <town>}.
{Number plate|Plate} of the other {car|vehicle} {noted|is on the paper}, {insurer unknown|insured elsewhere}.
`),
  hurt: lines(`
{Hospital|Doctor's} report {follows|is attached}.
{Sick note|The sick note} {runs|goes} {until the 28th|for three weeks}, {loss of earnings|lost wages} {to be discussed|too}.
{Pain|The pain} {keeps me awake|is bad at night}, {tablets help little|strong painkillers}.
{Who pays|Who covers} the {physio|physiotherapy} and {the ambulance|hospital days}?
{Ambulance|The ambulance} {came within minutes|took ages}, {police|traffic police} {took statements|drew the scene}.
{Recovery|Healing} {will take|takes} {two months|until summer}, {says the surgeon|the consultant told us}.
{I want|We ask for} compensation for {pain and suffering|the injury}.
{Injured person|The injured} is {at home again|still in hospital}, {needs help|somebody must care}.
{X-ray|Scan} {done|pictures on a disc}, {doctor|specialist} {wants another|sees me <day>}.
{Medical certificate|Doctor's certificate} {by post|in the annex}.
{Can't|Cannot} {work|lift anything|sit long}, {boss needs a date|self-employed, no income}.
{First aider|A nurse who passed by} {held the head still|stopped the bleeding} {till help came|, bless her}.
{Bruises|Bruising} everywhere, {shock|still in shock}, {nightmares|afraid of driving now}.
{Accident|Casualty} department {kept the clothes|gave a letter}, {injuries listed there|see injuries on page two}.
`),
  water: lines(`
{Water|The water} is {off now|shut off at the main}.
{Plumber|The plumber} {comes|will be here} {on <day>|tomorrow}, {leak|pipe} {taped for now|clamped}.
{Drying machines|Two dehumidifiers} {run|hum} {day and night|since <day>}.
{Everything|All} {is soaked|still damp}, {floor|carpet} {squelches|must come out}.
{Mould|Black mould} {starts|is growing} {behind the wallpaper|along the skirting}.
{Moisture|Damp} {meter|reading} {shows 90 %|off the scale}, {wall|plaster} {wet inside|soft}.
{Bucket|Four buckets} under the {drip|leak}, {emptied hourly|family on shifts}.
{Landlord|The housing company} {says|thinks} {pipes are old|the pipework dates from 1964}.
{Who pays|Do you pay} for {leak detection|opening the tiles}, {plumber asks|he wants to know}?
{Kitchen|Bathroom} {cannot be used|is a building site}, {no water since|we wash at grandma's}.
{Parquet|The floor} {lifts|bulges}, {skirting|doors} {swollen|no longer shut} from the wet.
{Fire brigade|A neighbour with a pump} {pumped|sucked} {the water out|out the worst}.
{Plumbing|Pipe} repair {is done|was quick}, the {wet ceiling|soaked plaster} is {what costs|the big part}.
{Tenant below|Flat below} {complains|is wet too}, {stain on her ceiling|dripping into her lamp}.
`),
  storm: lines(`
{Roofer|The roofer} {can come|is booked} {in two weeks|on <day>}, {everybody calls him|half the village waits}.
{Gusts|Wind speed} of {120|over 100} km/h {measured|in the news}.
{Weather office|The weather service} {confirms|had} {force 10|a red warning} for {<town>|our area}.
{Tarpaulin|A plastic sheet} {is nailed on|holds}, {more wind|next storm} {forecast|to come}.
{Whole street|Half of <street>} {has roof damage|lost tiles or fences} {after the storm|too}.
{Debris|Tiles and branches} {all over the garden|still lie about}, {may I clear|shall I leave it}?
{Chainsaw|Tree surgeon} {needed|ordered} for the {trunk|branches}.
{Roof|House roof} was {redone in 2017|inspected in spring}, {so sound|well nailed}.
{It blew|The wind blew} {all night|from the west like mad}, {thunder|hail} {and rain|as well}.
{Garden|Yard} {looks like a battlefield|is a mess}, {hedge flat|plants torn}.
{Tiles|Panes|New panels} {are sold out|have a long delivery time} {since the weather|everywhere}.
{Fire brigade|The volunteers} {secured|tied down} {the rest|what was loose} {in the storm|at 2 am}.
{Scaffold|Scaffolding} {needed|will cost extra}, {roof too steep|nobody climbs up in this wind}.
{Storm|Bad weather} {photos|video} {from the window|of the hail} {exist|attached}.
`),
  travel: lines(`
{Travel policy|The travel insurance} {was booked with the flight|is the annual one}.
{Hospital|Clinic} {invoice|bill} {attached|in the local language}, {translation|stamp} {if needed|on page one}.
{I am back home|Back home now}, {doctor|my GP} {continues|took out the stitches}.
{Still|We are still} in {the hotel|hospital}, {flight|return} on <day>{ if the doctor allows|}.
{Do you pay|Will you pay} {the clinic|hospital} direct or {must I|shall I} {pay first|use my credit card}?
{Emergency line|Your assistance number} {from abroad|overseas} {gave no answer|was engaged}.
{Medicine|Medication} and {taxi to the clinic|doctor} {receipts|slips} {scanned|kept}.
{Passport|Boarding pass} copy {and|with} medical report {follow|enclosed}.
{Tour guide|The travel rep} {translated|came along} {at the doctor's|to the ward}.
{Holiday|The trip} {from|began} <date>, {two weeks|ten nights}, {treatment|doctor} on day {four|nine}.
{Fit to fly|The fit-to-fly letter} {is signed|needed from you|costs extra}.
{Prescription|Pharmacy bill} in {local money|foreign currency}, {rate|exchange} {of that day|from my bank}.
{Patient|The patient} {is stable|is resting}, {nurses kind|nobody speaks English}, {trip ruined|holiday over}.
{Extra nights|Two more hotel nights} {on doctor's orders|while in treatment}, {new tickets|flight changed}.
`),
  suspicious: lines(`
{Please|You should} {investigate|look into this}.
{Something|This} {smells|is fishy|does not add up}.
{Thought|I thought} you {should know|ought to check}.
{Looks|It looks} {suspicious|false} {to me|on paper}.
{Keep|Leave} my name out {of it|please}, {I live next door|they know me}.
{I can prove|There is proof}: {messages|pictures, times}.
{Payment|Payout} {should be stopped|on hold} {until checked|, I suggest}.
{It is|That's} {a lie|dishonest}, {others pay for it|not right}.
{Not the first time|Same trick before}, {ask|see} {the files|other insurers}.
{Claimed|He claims} {it anyway|more each time}, {cheating|cheeky}.
`),
  duplicate: lines(`
{No payment|Nothing paid} {until checked|before fraud desk has looked}, {two files|both claims} {side by side|to compare}. => => note
{Seen|Noticed} {only now|by chance}: {double|second} claim, {same loss|one event}. => => note
{Why not|Is it wrong to} {claim twice|get paid twice}, {two premiums|I pay premiums too}? => => customer
{The earlier|First} {payment|claim} {covered|paid} {most of it|everything}, {so what|I say it openly}. => => customer
{Duplicate|Double} {flagged|shown} {by the system|in the register}, {please investigate|fraud team to see}. => => note
{Other|The other} company {already paid|settled} {in full|quickly}, {need not know|don't tell them}. => => customer
{Be fair|Don't be petty}, {two policies|double premium}, {two payouts|paid twice is paid right}. => => customer
{Compare|Check} {serial numbers|file dates} {in both|of the two files}, {one loss|single event} {only|, I believe}. => => note
`),
  otherLoss: lines(`
{Bought|It was bought} {in 2023|last year}, {receipt|proof of purchase} {here|can be shown}.
{Police report|Report to the police} {filed|made} {same day|at <town> station}, {crime number|ref.} <ref>. => => taken
{List|A list} of {items|what is missing} {attached|with prices}. => => taken
{Value|Its value}: {see valuation|appraised}, {not replaceable really|sentimental too}.
{I don't know|No idea} which {department|form} this {belongs to|needs}.
{Your menu|The web form} {has no button for this|had no fitting category}, {so here|hence this mail}.
{Special|Separate} cover, {taken out at the counter|a rider of my contract}.
{Theft|Loss} {reported|noted} {at once|by the staff}. => => taken
`),
  dispute: lines(`
{My|Our} solicitor {has the whole file|reads along}, {legal costs|lawyer's fees} {will be claimed too|are yours to pay}.
{Rejecting|Your refusal of} this {was wrong|is not acceptable}, {I demand|I insist on} a {manager|senior handler}.
{See|Read} the {letter|statement} of my lawyer, {deadline|answer due} <date>.
{Complaint|My complaint} {must be answered|goes on record}, {ombudsman|the regulator} {is copied in|knows}.
{We meet|See you} in court {otherwise|if need be}.
{Legal protection|My legal insurer} {agreed to sue|backs me}, {decision letter|your rejection} {attached|of <date>}.
{I dispute|I contest} {every point|your decision}, {legal|court} {papers|action} {prepared|next}.
`),
  question: lines(`
{Please|Kindly} {tell me|explain} {what the policy covers|how my cover works}.
{I want|I'd like} {to be sure|it in writing} {before|ahead of time}.
{If not|If it is not included}, {what would extra cover cost|can I add it to my policy}?
{What is|How high is} the {premium|limit} {then|for that option}?
{Is there|Do you have} {a brochure|a table} of {what is included|covers and exclusions}?
{Would it|Does it} {change|raise} {my premium|what I pay}?
{I could not|Couldn't} find it in the {terms|conditions} {I have|online}.
{In general|Generally}, {am I covered|what is insured}, {and up to how much|and what isn't}?
{Otherwise|Else} I {look for|take} {a different policy|another tariff}.
{Just want to know|I'd like to know} {my cover|if I'm insured} {before it matters|in advance}.
{Interested|I'm interested} in {upgrading|a quote} {if needed|should it be excluded}.
{Which|What} {clause|paragraph} {says so|is it}?
`),
}
