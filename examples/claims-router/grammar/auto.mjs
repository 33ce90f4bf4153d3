import { lines } from './lines.mjs'

/** Crashes in motion: somebody may or may not have been hurt. */
export const crash = lines(`
{A van|A delivery van|Some lorry} {ran|went} into the back of <mycar> {at the lights on <street>|while I was waiting to turn|in the queue before the roundabout} <when>. {Rear bumper and tailgate are bent|The boot no longer shuts|Exhaust and bumper are damaged}. => hit from behind by a van
<When> I {braked for a fox|slowed down because of a fallen sign|had to stop for a cyclist} and the {woman|man|student} behind me did not. {Her|His|The other} {Fiesta|Polo|Twingo} went {straight|right} into my tow bar. => rear-end collision after braking
{Someone|A driver in a white Sprinter|An older gentleman} {changed lanes|pulled over} {without looking|without any signal} on the {A14|ring road|motorway near <town>} and {scraped along|pushed into} my {left|right} side, {both doors|wing and mirror|door and sill} are {dented|ruined}. => lane-change collision
{My daughter|Our son|My husband} {took|borrowed} <mycar> and {slid|skidded} {into a ditch|against the crash barrier|onto the verge} {near <town>|on the bend after the mill|on wet leaves} <when>. {Front|Underside} {is a mess|took the blow}. => car skidded off the road => absent
At the crossing of <street> and <street> the other car {did not give way|jumped the red light|came out of nowhere} and {hit|caught} my {front|nearside} wing. {Police took notes|We swapped details|He admitted it at once}. => right of way ignored at a crossing
Two cars met on the {narrow lane|single-track road} {by|near} <town>, {neither could stop|mirrors and wings touched|we both braked too late}; {headlight and bonnet gone on mine|my grille is in pieces}. => head-on contact on a narrow lane
I {misjudged|got wrong} the {kerb|traffic island} {in the dark|in the rain|when the sun blinded me} and {hit it hard|went over it}. {Rim, tyre and track rod|Two wheels and the front axle} {need replacing|are finished, says the workshop}. => car hit a traffic island => alone
{Roundabout at <street>|Big roundabout, <town>}, <when>: {blue Astra|taxi|school minibus} {cut across|crossed} my exit and {took off my bumper|tore the front off|smashed the fog lamp}. => contact on a roundabout
A {learner|motorcyclist|courier on a moped} {wobbled|swerved} {out of <street>|between the queues} and {fell against|slid into} my {passenger door|rear quarter}. {Paint and panel damage|Deep dent, glass broken}. => two-wheeler ran into the car => alone
{In stop-and-go|In a traffic jam} {on the bridge|before the tunnel|towards <town>} four of us {concertinaed|ran into each other like dominoes}, I was {number two|the third|in the middle}, so {bonnet and boot are both bent|damage front and back}. => multi-car shunt in a jam
{Overtaking|As I overtook} a tractor {on the road to <town>|past the quarry}, {it turned left|the trailer swung out} and {we collided|pushed me into the hedge}. {Whole right flank scratched|Door won't open}. => collision with a turning tractor
My brakes {locked|did not bite} on {black ice|frozen slush} {outside the bakery|downhill at <street>} and I {rolled|glided} into a parked {Berlingo|Mini|Transit}. Both {cars|vehicles} {are dented|have damage}. => slid on ice into a parked vehicle => alone
Deer {jumped|ran} {out in front of me|across} {between <town> and the lake|at dusk on the forest road} <when>, {no way to avoid it|I hit it full on}; {radiator leaking and bonnet folded|grille, lamp and wing broken}. => collision with a deer => alone
{The tram|A city bus} {brushed|clipped} {me|<mycar>} {in <street>|at the stop by the library} {and drove on|and the driver gave me a form}. {Mirror housing, front door, trim|The side is scored from end to end}. => scraped by public transport => alone
{He|The man} {opened his door|flung the door open} {just as I passed|right in front of me} {on <street>|outside the chemist}, <when>. {My wing is torn|Bumper corner, indicator and his door are wrecked}. => hit by an opening car door
{Pulling out of|Leaving} {a petrol station|the drive-through|the retail park}, I {did not see|overlooked} {a grey estate|the Skoda coming from the right|a pick-up} and we {touched|collided}. My fault{, I am afraid|, I said so|}. => collision leaving a petrol station
Other party {reversed|rolled back} {down the slip road|at the barrier|on the hill start} {into my front|onto my bonnet} although I {hooted|was standing still}. {Number plate and grille cracked|The bonnet has a crease and the badge is gone}. => other car rolled back into the front
{Tyre burst|The tyre blew} at {speed|90} {on the dual carriageway|shortly after <town>}, {car spun|we turned once} and {ended at the central barrier|came to rest facing the wrong way}. => tyre burst and hit the barrier => alone
`)

/** Damage without a crash in motion: nobody can have been hurt. */
export const parked = lines(`
{Reversing|Backing} out of {my space|a tight bay} at {the garden centre|<shop>} I {clipped|touched|caught} {a concrete post|the trolley shelter|a bollard}. {Bumper hangs on one side|Tailgate paint is scratched|One sensor is dead}. => reversed into a post
{Came back|Got back} {from shopping|from the dentist|from work} to <mycar> and {someone had scraped|there was a long scratch down} the {driver's side|passenger side}. {No note left|Nobody left a number|No witnesses}. => scraped while parked
{Stone chip|A stone from a gravel lorry} {cracked|hit} the {windscreen|windshield} {on the way to <town>|this morning|on the motorway}, {crack is growing|it is as long as my hand now}. => windscreen cracked by a stone
{Some kids|Somebody|Vandals} {broke off|kicked off|snapped} {both mirrors|the aerial and a wiper|my left mirror} in <street> {overnight|during the fair|at the weekend}. {Four other cars too|Police know about it|}. => mirror broken by vandals
The {automatic barrier|garage door|bollard} at {work|our block|the underground car park} came {down|up} on <mycar>{ too early|, no idea why|}: {dent in the roof|roof rail bent|scratched bonnet}. => barrier came down on the car
{A shopping trolley|A runaway wheelie bin|A removal man's sofa} {rolled|crashed} into the {back door|front wing} of <mycar> {in front of <shop>|while it stood on <street>}. {Fist-sized dent|Small but ugly dent}. => object rolled into the parked car
{Marten|Some animal|A rat, it seems,} {chewed|gnawed through} {the cables|ignition leads and a hose} under the bonnet, {engine warning light|car would not start} <when>. => animal bite damage to cables
I {filled|put} {diesel|the wrong fuel} in {the Clio|my petrol car} at <town>, {noticed after a mile|drove two streets}, {tank and lines must be flushed|breakdown truck took it to the garage}. => wrong fuel in the tank
{Neighbour|My neighbour} {backed|reversed} {his camper|her trailer|his horsebox} into <mycar> {which stood in my own drive|when leaving the yard}; {she|they} will confirm it in writing. {Headlamp and wing|Bonnet edge, grille}. => neighbour reversed into the parked car
{Car wash|The brushes at the wash on <street>} {tore off|ripped away} {the rear wiper|a strip of trim|my roof box mount} and {left scratches on the roof|marked the paint}. Owner {denies it|shrugs}. => damage in the car wash
{Key scratches|Somebody keyed the car:} {across three panels|bonnet and both doors} {after the match|while I was at evening class}. {I have photos|The camera of the kiosk may show it}. => car keyed
{Locked|I shut} the keys in {the boot|my van} and the {recovery man|roadside fellow} {bent the door frame|broke the small window} getting in. {Wind whistles now|Door leaks since}. => door frame bent by the recovery service
My {roof box|bike rack|ladder} {came loose|was too high} {under the height bar|at the multi-storey} and {smashed the rear window|gouged the roof}. {Stupid of me|I forgot it was up there}. => roof load hit a height bar
In the small hours {thieves took|somebody stole} {two wheels|the catalytic converter|number plates} from <mycar> {parked at the station|outside our block}. {It stands on bricks|Sounds like a tractor now}. => parts stolen from the car
{The mechanic|A boy at the tyre shop} {let it drop|dropped my car} from the {jack|lift}, sill {crushed|folded} on the left. {They offer nothing|They say go to my own insurer}. => car dropped from a lift
{Pothole|A pothole deep as a bucket} on {<street>|the road by the sawmill} {broke a spring|bent my rim and split the tyre}. {Council was told|Someone before me had the same}. => pothole damage
Parking in {the works yard|my mother's carport}, {foot slipped|pressed the wrong pedal} and {nudged|met} the {wall|gatepost}. {Plastic cracked, lamp out|Front left corner pushed in}. => nudged a wall while parking
{Paint|White masonry paint|Tar} {dripped|was sprayed} on <mycar> from {the scaffolding|road workers} {outside number 40|in <street>}; it {doesn't|will not} polish out. => paint dripped on the car
`)

/** Weather on a car: the word storm, yet a vehicle. */
export const weatherOnCar = lines(`
{Hail|Hailstones like walnuts} {on <day>|during the thunderstorm} {left|made} {about sixty dents|dents all over} {in the roof and bonnet|on the upper side} of <mycar>. The house {is fine|had no damage}. => hail dents on the car
A {branch|big limb|dead bough} {came down|fell} in the {storm|gale|wind} {onto <mycar>|and hit the van}, {windscreen and roof|bonnet and one pillar} {damaged|dented}. {Only the car, nothing else|Roof tiles all held}. => branch fell on the car
{Gust|The wind} tore {the door out of my hand|the driver's door right round} {at the coast|on the harbour car park}: {hinge bent|it hits the wing}. The storm {warning|alert} {was out|had been given}, I know. => wind bent the car door
{Roof tile|A slate from next door} {blew off|flew} {in the gale|in that storm} and {went through|smashed} the {back window|sunroof} of <mycar>. => flying tile broke the car window
The {garden trampoline|marquee|market awning} {took off|got loose} in {storm Petra|the squall} and landed on <mycar>. {Long scratches, wiper torn away|Bonnet dented and lamp broken}. => windblown object hit the car
{Underpass|The dip by the station} was {flooded|under water} after the {cloudburst|downpour}, I {drove in|thought it shallow}, {engine sucked water|engine died}, {car towed|towed home}. => car drove into flood water
`)

export const noInjury = lines(`
Nobody {was hurt|hurt}, {thank God|luckily|just metal}. => => any
{No injuries|No injured persons}. => => any
We are all fine, only the {car|metal|tin} is not. => => own
{I'm ok|I am OK}, so was the other driver. => => other
{No one|Not a soul} {injured|got hurt}. => => any
Both of us walked away without a scratch. => => other
{Happily|Thankfully} nobody needed a doctor. => => any
People: nothing. Car: plenty. => => any
{No ambulance|No doctor} {needed|necessary}, {just annoyed|only my pride}. => => own
{Kids|The children} in the back {slept through it|did not even wake up}, unhurt. => => own
Only {sheet metal|body panels}, {nobody hurt|no people harmed}. => => any
{The other side|Third party} {unhurt|not injured} too. => => other
{Injuries: none|Injured: 0|Persons hurt: no}. => => any
{Shaken|A bit shaken} but {unharmed|in one piece}. => => own
{Passengers|My mother in law in the passenger seat} unharmed. => => own
Health wise {all good|everything ok}. => => any
{Bodies fine|All bones whole}, {wallet less so|only the car suffers}. => => own
{No harm to|Without harm to} {people|anyone}{, dogs included|}. => => any
`)

/** The words of an injury, and none. */
export const noInjuryTricky = lines(`
{Ambulance|Paramedics} came {as a precaution|because a passer-by rang}, checked {us|me} and {left again, no injuries|found nothing at all}.
{Airbags|The airbag} went off, {yet|but} nobody has so much as a bruise.
{My wife is pregnant so|To be safe} we went to the hospital; {all fine|they sent us home, nothing wrong}.
The back pain I {have|wrote about} is {an old story|from 2019} and has nothing to do with this, {nobody was hurt|no one was injured here}.
{Someone shouted about whiplash|The other driver joked about whiplash} but {she signed that she is not hurt|he confirmed by mail he has none, nobody injured}. => => other
`)

/** Somebody was hurt in the crash; `other` needs another driver. */
export const injury = lines(`
{My neck|Neck} {is stiff|hurts} {since then|ever since}, doctor {says whiplash|wrote whiplash on the form}. => whiplash diagnosed
{My wife|My passenger|A colleague beside me} has a {broken|fractured} {wrist|collarbone|rib}. => passenger with a fracture
I {was off work|am signed off} {for two weeks|until the 20th} with {bruised ribs|a torn shoulder ligament}. => driver signed off work
{Our|My} {little boy|daughter, 6,} {has a bump and is dizzy|complains of belly pain from the belt}, {under observation|we are at the children's ward}. => child under observation
{Two|Both} people in the other vehicle were {treated|bandaged} {by paramedics|on the spot}, one {with chest pain|had burns from the airbag}. => people in the other vehicle treated => other
{I knocked out a tooth|I lost a front tooth} and my lip {needed stitches|was sewn}. => driver needed stitches
{Physio|Physiotherapist} twice a week {now|for my back}, {numb fingers on the left hand|pins and needles in the arm}. => back injury under treatment
{Grandma|My mother, 78,} was {with me|beside me} and has {a cracked sternum|a black eye and a cracked cheekbone}. => elderly passenger injured
{Concussion|Mild concussion} for me, {the rest of the family ok|headaches and light hurts}. => driver with concussion
{The other driver's|The other one's} {arm|elbow} is in {plaster|a cast}, {I feel terrible|heard it today}. => other driver's arm in plaster => other
{My dentist|A specialist} must {fix my jaw|look at the jaw joint}, {can't chew|it clicks}. => jaw injury
{Glass splinters|A splinter} went in {my eye|my son's eye}, {eye clinic|saw the eye doctor} {same evening|twice}. => eye injury from glass
My {hand|thumb} was {squashed|trapped} {by the steering wheel|between wheel and dash}, {swelled up|two fingers are broken}. => hand injury
I {spent|stayed} {one night|three nights} in {hospital|the clinic} {with bruised lungs|for a ruptured spleen}. => driver kept in hospital
{Firemen|They} {cut me out|had to cut the roof}, {ankle|shin} {pinned|screwed together} since. => driver cut free, leg operated
{Other party|The other one} {left by ambulance|went off on a stretcher}, {ribs, they say|suspected spine}. => other driver taken away by ambulance => other
{Blood pressure high|Ears ringing} and {bruises from the belt|a sore chest}, GP {sent me for x-ray|gave painkillers}. => driver bruised and under a doctor
{Sister|My friend} in the back {was not belted|hit the front seat}, {nose broken|scar on the forehead}. => back-seat passenger injured
`)

/** Somebody on foot or on two wheels was hurt. */
export const vulnerable = lines(`
{Cyclist|A cyclist} {came out of|shot from} <street>, I {braked too late|could not stop}, {he went|she flew} over the bonnet. {Hospital with a cut forehead|Taken away with a head wound}. => cyclist injured
{Opened|I opened} my {car door|door}, a {girl|student} on a {bike|scooter} {ran into it|fell}, {chin bleeding|two teeth gone}, <when>. => cyclist fell over the car door
I was {walking|crossing} {at the zebra|on green} in <street> when a {van|taxi} {caught me|knocked me down}. {Knee|Meniscus} {torn|damaged}, {crutches for six weeks|can't work standing}. => pedestrian hit by a vehicle
{Turning left|As I turned} into <street> a {moped|motorbike} {hit my wing|slid under my car}; {his leg was crushed|rider's ankle is broken}. => rider's leg broken
{Reversing|I reversed} {from the drive|at the school}, {did not see|overlooked} {an old man|a woman with a stroller}; {hip fracture|broken elbow}, {operated same night|still on the ward}. => pedestrian hurt while reversing
{The bus braked|Bus driver braked hard} {for your customer|because of a car of yours}, I {fell in the aisle|was standing}, {shoulder out of joint|cracked vertebra}. => bus passenger injured
I {ride|was on} a motorcycle, {your insured|the lady in the Golf} {pulled out|did not look}, <when>: {concussion|unconscious for a minute}, {bike is scrap|helmet split}. => motorcyclist with concussion
{Skateboarder|A boy on a skateboard} {rolled|shot} {in front of|between cars into} <mycar> {near the school|by <shop>}, {cut hand and a limp|forearm broken}, {parents are reasonable|mother is furious}. => child on a skateboard hurt
{Jogger|A jogger} {with headphones|in black clothes} {ran|stepped} {off the kerb|into the road} {at dusk|in the fog}: {I clipped him|mirror hit him}, {ribs|shoulder} {broken|badly bruised}. => jogger hit by the mirror
{On my bicycle|I cycle to work}: {car|a jeep} {cut me off|passed far too close} on <street>, {I went down|landed on the tram rails}, {wrist plated|stitches in the eyebrow}. => cyclist forced off and hurt
{School minibus|The minibus} and <mycar> {touched|met} at {the gates|<street>}; {a pupil|one child} {cut her hand|broke a finger}, {parents informed|school knows}. => pupil injured
{Lollipop lady|A road worker|The parking attendant} {had her foot|got a foot} {under my wheel|run over} {at walking pace|while I was parking}, {toes broken|boot saved the worst, still fractured}. => foot run over
`)

/** An injury that comes late or hides behind "nothing". */
export const injuryLate = lines(`
{At the scene|That day} we all said {nobody hurt|we were fine}, but since <day> {my neck won't turn|I get headaches and feel sick}. => neck pain days after the crash
First I {told you|wrote} no injuries; {now|since yesterday} the {doctor found|x-ray shows} a {hairline crack in my rib|compressed vertebra}. => injury found later by x-ray
{It is|It's} {only a small dent|hardly any damage}, however {my son's wrist swelled up|her shoulder had to be put back} {overnight|afterwards}. => injury besides a small dent
The bumper {is nothing|I can live with}. {The knee|My elbow} {worries me more|is the real problem}, {MRI on <day>|specialist next week}. => joint injury after the crash
{Nobody in my car was hurt|I am fine}, {the other driver however|but the man in the van} {is still in hospital|had his nose broken}. => other driver injured => other
{Small matter really|Not much to see on the car}, {dog and kids fine|kids fine}, I have {only a sprained ankle|just a few stitches}. => sprain or stitches after the crash
{Didn't think much of it|Said no to the ambulance}, {three days later|a week on} {the numbness started|I could not lift my arm}. => symptoms days after the crash
`)

export const injuryAbroad = lines(`
{On holiday in <abroad>|In <abroad>, <when>,} a {taxi|tour bus|quad} {hit|ran into} our {rental car|hired scooter}; my {partner|sister} {broke her foot|has a fractured pelvis}. => injured in a road accident abroad
We {rented|hired} a scooter on {our trip|vacation} {in <abroad>} and {a pick-up|a car} {pushed us off the road|cut the corner}. {My leg is in a cast|I have road rash and a broken hand}, {local clinic|treated there}. => scooter rider injured in traffic abroad
{Rental car|Hire car} {rolled over|overturned} {near the airport|on a mountain road} in <abroad>. {Both of us have cuts|Broken ribs for me}, {car is scrap|the hire firm has the papers}. => hurt when the hire car overturned
A {motorbike|moped} {knocked me down|caught me} on a zebra crossing in <abroad>, {shin|shoulder} {broken|operated}, {flying home in a special seat|return flight moved}. => hit by a motorbike abroad
`)
