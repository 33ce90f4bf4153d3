import { lines } from '../../claims-router/grammar/lines.mjs'

/** Posts about growing things. */
export const fine = lines(`
{When|How late} can I still sow <veg> {outdoors|in a cold frame} {up north|where frost comes early}?
My <veg> {have|got} {yellow|curled} leaves {since the rain|from the bottom up}. {Too much water|Lack of iron}, or what?
{Tried|I tried} coffee grounds {against slugs|on the seedlings} and {it did nothing|they walked right over it}.
{Copper tape|Sheep wool} round the pots {kept|has kept} the slugs off my <veg> {so far|for a month now}.
{Does anyone|Who} {keep|save} seed from <veg>? {Mine never come true|The last lot did not sprout}.
{We built|Just finished} a raised bed from {old pallets|scaffold boards}, {lined it with cardboard|filled it in layers}.
{Compost|My heap} {smells sour|stays cold}, {shall I turn it|would straw help}?
{Blight|The rot} took all {outdoor|my} tomatoes {in one week|while I was away}, {the ones under glass are fine|cherry ones survived}.
{Picked|Harvested} the first <veg> {this morning|with the kids}, {small but sweet|we ate them on the spot}.
{Pruned|I cut} the pear {hard|by a third} {in February|too early maybe} and now it {shoots like mad|has no blossom}.
{Nettle brew|Comfrey tea} {stinks|reeks} but {the pumpkins love it|leaves went dark green in days}.
{Is it worth|Does it pay} {netting|covering} the currants, or do you {share with the birds|just pick early}?
{Put|I put} <veg> next to <veg> {as the book says|by accident} and {both did well|one sulked}.
{Beans|Runner beans} {climb|went} {over the shed|up the washing line}, {tips welcome|what now}?
{Soil test|The test strip} says {pH 5.2|very acid}, how much {lime|wood ash} {per square metre|would you give}?
{Great|Lovely} {photos|pictures}, {Hanne|<name>}! What is the {blue|tall} one {behind the gate|on the left}?
Thanks {<name>|all}, {the string trick|watering at dawn} {saved|rescued} my <veg>.
{For heavy clay|On our clay} I {dig in|spread} {leaf mould|sharp sand} {every autumn|before the frost}, {after three years you notice|slow but it works}.
{Rhubarb|The rhubarb} {flowers|sends up stalks}. {Cut them off|Break them}, or leave them?
{Which|What} {potato|variety} {keeps|stores} best {in a damp cellar|till spring}? {Ours sprouted by Christmas|Mine went soft}.
{Hedgehog|A hedgehog} moved in {under the pallets|behind the compost}, {so no strimming there|the slugs are fewer already}.
{Water butt|The rain barrel} {is green|grows algae}. {Harmless|A problem} for {watering <veg>|the greenhouse}?
{Frost|Minus two} {is forecast|tonight}, {fleece over the strawberries|bring in the citrus}!
{Green manure|Phacelia} after <veg>: {sow now|August is fine}, {chop it in March|let the winter kill it}.
{Grafted|I grafted} two {apples|scions} {on one trunk|with tape and wax}, {one took|both buds are swelling}.
{Sweetcorn|The corn} {needs a block|wants to stand in a square}, {not a row|rows pollinate badly}.
{Somebody|Anyone} with experience of {ollas|clay pot watering}? {Ours crack|Do they last a winter}?
{Cat|Next door's cat} {uses|digs in} {the seed bed|my carrots}, {chicken wire flat on the soil|holly twigs} {helped|stopped her}.
{Garlic|My garlic} {planted in October|from the kitchen} {has rust|bolted}. {Eat it anyway|Still good to store}?
{Cut|I cut} {the lawn|our grass} {to a meadow|only twice now}, {so many grasshoppers|neighbours came to look}.
{The committee|Allotment office} wants {hedges below 1.20|sheds painted green}: {is that usual|same at yours}?
{Worm bin|My worms} {on the balcony|in the cellar}: {fruit flies|too wet}, {I add shredded paper|less melon, then}.
{Mulch|Straw} {keeps|kept} {the bed moist|weeds down} {but mice love it|and I water half as much}.
{Peppers|Chillies} on the sill, {leggy|pale} {already|since week two}. {Lamp|More light} or {pinch out|pot deeper}?
{Plum|Our plum tree} {dropped|shed} {all fruit in June|half its load}, {drought|is that normal}?
{Fig|The fig in a pot}: {wrap it|into the garage} {at minus five|for winter}, {mine survived with bubble wrap|or prune first}?
{Swap|I swap} {seedlings|spare <veg>} for {a bit of rhubarb crown|raspberry canes}, {pick up at plot 14|Saturday at the gate}.
{Leeks|My leeks} have {moth|little tunnels}, {cut back to the ground and they regrew|net earlier next year}.
{Sunflowers|The tallest sunflower} {reached|is at} {three metres|gutter height}, {tied to the drainpipe|the wind took its head}.
{How deep|At what depth} do you {set|plant} <veg>, {the packet|my uncle} says {two fingers|a hand}?
`)

/** Posts that look like one of the other labels and are none. */
export const fineButHard = lines(`
These {slugs|vine weevils} are {idiots|greedy little crooks}, {I hate them|they will pay for it}. => rude to an animal
{I am|I'm} {such a fool|the worst gardener alive}: {dug up|hoed out} my own <veg>, {thought it was weed|without my glasses}. => rude to oneself
{Sorry|Sorry, <name>}, but {that advice is wrong|I disagree}: <veg> {hate|cannot stand} {fresh manure|lime}. => disagrees
{Honestly|With respect}, {the plan|this bed plan} {makes no sense|won't work}, {the shade falls there|north side gets no sun}. => disagrees
{Someone|A member} {called me|wrote that I'm} {a clown|clueless} {in the other thread|under my photo}, {can a moderator look|please delete it}. => reports an attack
{"Lazy"|"Stupid"} is {what my neighbour called|the word for} {my no-dig bed|this method}, yet {it gives more than his|look at the harvest}. => quotes an attack
{I bought|Got} {the fork|a hoe} {from the tool shop in <town>|second-hand}, {heavy but good|it bends at the neck}, {would not buy it again|happy with it}. => names a shop
The {leaflet|free guide} of the {county office|seed library} on {blight|crop rotation} is {here|at} <url>, {page four|it helped me}. => useful link
{Price|Cost} of {peat-free compost|seed potatoes} {doubled|went mad}, where do you {get|buy} yours? => prices
{My computer|Excel} {plans|draws} the {crop rotation|beds} for me, {file for anyone who wants it|I can explain how}. => computer, but beds
{Our dog|The dog} ate {a whole row of <veg>|bone meal}, {is that bad for him|any plant there that's poisonous}? => animal, but garden
{Football|The match} {on the radio|in my ear}, {and three rows of <veg> weeded|earthing up potatoes}: {perfect Sunday|what a day}. => football, but garden
That {bindweed|ground elder} is {a liar and a thief|the devil}, {you pull it and it laughs|it grew back overnight}. => rude to a plant
{You|<name>, you} {are wrong about|mix up} {the frost date|blight and sunscald}, {look at the underside|check the almanac}, no offence. => disagrees
{For sale|Giving away}? No, {free|a gift}: {twenty|a tray of} <veg> seedlings, {plot 9|come by till Friday}. => sounds like an advert
{Stupid|Dumb} question {perhaps|from a beginner}: {do|must} <veg> {need|want} {a stake|shade}? => rude word about a question
{What a|Such a} {terrible|rotten} summer, {everything died|blight, hail, moles}, {I am giving up cabbages|next year only beans}. => angry about weather
{Is|Has anyone tried} the {discount|sale} {at the nursery in <town>|on fleece} {any good|worth the drive}? => asks about an offer
{I recommend|Try} {my own|a homemade} {garlic spray|soap mix}: {two cloves, a litre|a spoon in a bottle}, {costs nothing|no need to buy a thing}. => recommends
{The new|That} rule about {bonfires|hoses} is {nonsense|badly thought out}, {the committee should explain it|I shall say so at the meeting}. => criticises a rule
`)
