import { lines } from './lines.mjs'

/** Water from pipes, appliances and neighbours. */
export const water = lines(`
The {hose of the|pipe behind the} washing machine {burst|came off} {<when>|while we were at work} and {the whole kitchen floor|our utility room} {was swimming|stood under two inches}. {Laminate is lifting|Floor boards curl up}. => washing machine hose burst
{Ceiling|The ceiling} in {the hall|my bedroom} has a {brown stain|wet patch} {that grows|big as a table}, the {flat|tenant} above {left a bath running|has a leaking shower}. => leak from the flat above
{Dishwasher|Our dishwasher} {leaked|has been leaking} {for weeks unnoticed|under the units}; {plinths swollen|cupboards are mouldy} and the {parquet|oak floor} {turned black|is warped}. => dishwasher leak
{Plumber|The plumber} {opened the wall|found it}: {pinhole in a copper pipe|a screw through the pipe|a corroded elbow}. {Bathroom wall soaked|Plaster is soft down to the skirting}. => leaking pipe in the wall
Water {tank|cylinder} in the {loft|attic} {split|gave way}, {came through two floors|ran down the stairs like a fountain}. {Carpets, beds, the lot|Carpets and electrics gone}. => loft tank split
{Toilet|The toilet upstairs} {overflowed|blocked and overflowed} {while the children played|over the weekend}, {lounge ceiling came down|ceiling below is bulging}. => toilet overflowed
{Boiler|The boiler} {dripped|lost pressure} {for days|again and again}, turned out {a pipe under the screed|the heating pipe below the tiles} {is leaking|has a hole}. => underfloor heating pipe leak
{My aquarium|The 300 litre aquarium} {cracked|broke} {in the night|<when>}, {fish dead|fish saved}, {living room carpet|rug and sockets} {ruined|soaked}. => aquarium broke
Fridge {water line|filter connection} {came loose|snapped}, {slow drip|water ran} {behind the units|down into the cellar}, {chipboard swelled|mould everywhere}. => fridge water line leak
{Came home from work|We came back} to {water pouring through the lamp|a wet sofa}: {radiator valve|valve upstairs} {failed|had blown}. => radiator valve failed
{Sewage|Dirty water} {came back up|backed up} through {the shower|the cellar drain}, {smell is terrible|blocked main in the house}. {Vinyl and doors are lost|Cellar goods thrown away}. => drain blocked and backed up
The {decorators|kitchen fitters|tiler} {drilled into|cut} {the supply pipe|a water main}, {fountain in the kitchen|water everywhere in seconds}. They {say sue us|gave me their card}. => fitters drilled into a pipe
{Tap|Kitchen tap} {left dripping|was not shut off} {by the lodger|by my lad}, {sink overflowed|ran for hours}, {shop below|the hairdresser underneath} {got it too|is angry}. => sink overflowed
{Damp|Rising damp, I thought,} in {the corner|the box room}, {moisture meter|leak detection firm} says {bath seal|waste pipe of the bath} {let go|leaks}. => bath waste pipe leak
Our {hot water tank|immersion heater} {rusted through|leaked}, {cellar|boiler room} {is wet|stood ankle-deep}, {tools, freezer, suitcases|freezer and bikes} {damaged|spoilt}. => hot water tank rusted through
{Neighbours|The people next door} {flooded us|gave us a bath}: their {water softener|washing machine} {leaked through the party wall|ran out}. {Wallpaper peels|Plaster blown in the study}. => water from the neighbours
{Water meter|The stopcock} {joint|connection} under the {stairs|sink} {sprays|was spraying}, {I shut it off late|took an hour to find the key}. {Hall floor|Shoe cupboard and hall} {sodden|soaked}. => stopcock joint failed
{Shower tray|The new shower} {was badly sealed|cracked}; {joists below are rotten|water in the kitchen lights}. {Landlord asks for a report|Builder has photos}. => shower tray leak
{Holiday flat|Our rented-out flat}, tenant {rang|texted} {<when>}: {heating pipe burst|bathroom pipe gave up}, {two rooms wet|parquet floating}. => pipe burst in the let flat
{Sprinkler|A sprinkler head} in {my shop|the office} {went off|let go} {without any fire|by itself}, {stock on the lower shelves|six computers} {drenched|dripping}. => sprinkler leaked
{Noticed|I noticed} the water bill {doubled|was huge}; {they traced it|leak search} {to a pipe under the kitchen|below the slab}, {floor must come up|tiles must be broken}. => hidden pipe leak
{Coffee machine|Water dispenser} {plumbed into the mains|with fixed connection} {leaked|let go} {in our practice|in the studio}, {vinyl and skirting|the flooring} {gone|swollen}. => plumbed-in machine leaked
{Basement|The basement} {smells|is damp}, {old lead pipe|cast iron downpipe inside the wall} {cracked|has perished}. {Boxes of books|My record collection and shelves} {pulp|ruined}. => cracked pipe in the basement
`)

/** Pipes again, with the weather in the story. */
export const waterInStorm = lines(`
{In the night of the storm|During the gale} a pipe {under our sink|in the bathroom} {burst|gave way}, {nothing to do with the wind|roof and windows held}. {Kitchen flooded|Floor soaked}. => pipe burst, weather only coincidence
{Hard frost|Minus twelve}, {pipe in the garage|outside-wall pipe} {froze|froze up} and {burst|split} {when it thawed|}. {Water ran into the hall|Plasterboard is mush}. => frozen pipe burst
{It rained all week|With all that rain} I {blamed the roof|thought of the roof}, but the {roofer|roof man} {found it dry|says roof is perfect}: {the shower pipe leaks|it comes from the tank}. => leak traced to a pipe, not the roof
{Storm|The storm} took the {power|electricity}, {heating stopped|boiler off}, {pipes froze|a pipe froze} and {cracked|burst} {upstairs|in the loft}. {Water through the bedroom ceiling|Two rooms wet}. => pipe froze and burst after a power cut
{While the thunder rolled|Thunder outside, and inside} the {washing machine|dishwasher} {flooded|leaked into} the {kitchen|cellar}. {Lightning had no part in it, says the electrician|Machine's seal was gone}. => appliance leak, not weather
`)

/** Wind, hail, lightning, and rain or floods from outside. */
export const storm = lines(`
{Gale|The gale} {on <day>|last night} {took|ripped off} {about thirty tiles|half the ridge tiles} {from the north side|above the nursery}. {Tarpaulin is on|Roofer put a sheet over it}. => storm took roof tiles
{Fence|Forty feet of fence} {is flat|lies in the field}, {posts snapped|panels all over the street}, {storm Petra|that wind <when>}. => fence blown down
{Hail|Hail the size of eggs} {smashed|went through} {the conservatory roof|three skylights|our greenhouse}, {glass in the plants|shards on the sofa}. => hail broke glass
{Lightning|A lightning strike} {hit|got} {the chimney|the aerial}, {bricks in the garden|bricks through the porch}, {router, TV and boiler board|all plugs on that side} {dead|fried}. => lightning strike
{Tree|The neighbour's poplar|An old ash} {fell|came down} {across our shed|on the garage roof|through the porch} {in the wind|in that storm}. => tree blown onto the building
{River|The brook} {came over|burst} its bank after {two days of rain|the cloudburst}, {cellar is full to the third step|we have mud to the knees}. => flood from outside after heavy rain
{Wind|The wind} lifted the {felt|metal sheets} {off the garage|on the stable} and {bent the gutter|they landed in the pond}. => wind lifted the garage roof
Chimney {pot|cowl} {blew down|came off} and {went through|cracked} the {lean-to|porch glass}. {Gusts of 110|It was blowing a hooligan}. => chimney blown down
{Snow|Wet snow} {load|weighed so much that it} {crushed|brought down} {the carport|my polytunnel|our pergola}, <when>. => snow load crushed a structure
{Solar panels|Two solar panels} {ripped out|torn from the rails} {by the storm|in the squall}, cables {hanging|loose}, {inverter off|fire brigade made it safe}. => solar panels torn off by wind
{Shutters|The roller shutters} on the {sea side|west front} {are gone|got shredded}, {awning too|plus the parasol base through a pane}. {Wind off the sea|Storm tide weekend}. => shutters and awning torn off
{Satellite dish|The dish} and {gutter|six metres of gutter} {came down|ended in the road} {<when>}; {roof felt is flapping|soffit boards gone}. {Wild weather|It was howling}. => gutter blown down
{Summer house|Kids' playhouse|My shed} was {picked up|rolled over} by {a gust|the tornado-like wind} and {is matchwood|broke against the wall}. => garden building destroyed by wind
{Power surge|A surge} {from the thunderstorm|when it struck nearby} {killed|cooked} the {heat pump|freezer and fridge}, {meat for the bin|electrician has confirmed it}. => surge from lightning
{Scaffold|The neighbours' trampoline|A big advertising sign} {crashed|flew} into our {facade|bay window} in the {wind|storm}, {render knocked off|glass and frame gone}. => windblown object hit the house
{Our barn|The barn} {lost|has lost} {its doors|its gable} <when>, {hay is wet|the wind got under it}, {cows had to move|straw all over the road}. => barn damaged by wind
{Flash flood|Water off the hillside} {came in under|ran through} the {back door|terrace doors}, {gravel in the kitchen|carpet brown with silt}. => surface flood after a downpour
{Church hall|Our clubhouse}: {big window blown in|flat roof peeled back} {during the service|at night} {by the storm|in the high wind}, {chairs under rain|piano covered}. => clubhouse window blown in
{Caravan awning|The veranda roof}, {corrugated sheets|polycarbonate} {all|six of them} {shattered by hail|have holes from hail}. {Like a sieve|You can count the stars}. => hail holed the veranda roof
{Landslip|Mud} after {the rainstorm|the heavy rain} {pushed in|leans on} {the garden wall|our retaining wall}, {one corner gave way|cracks up to the eaves}. => rainstorm pushed in a wall
`)

/** Weather again, where the damage looks like a leak. */
export const stormWithWater = lines(`
{Water is dripping|Water drips} {through the ceiling|onto my desk}: {the storm moved|wind shifted} {several slates|a row of tiles} and {the rain got in|it rained straight in}. => rain entered through a storm-damaged roof
{Wet wall|The bedroom wall is wet} {from top to bottom|and mouldy}, not a pipe, {the gale|the wind} {tore the flashing off|broke the valley} and {rain follows|rain runs in}. => rain through flashing torn off by wind
{Plumber says|The plumber swears} {all pipes are tight|no leak}. {Rain came in|It came in} {where hail broke the roof light|through the skylight the hail cracked}; {carpet and bed soaked|computer drowned}. => rain through hail damage
{Cellar under water|Water in the cellar}, {first thought the boiler|looked like a pipe}, but {the street drain overflowed|the stream rose} {in the storm|after the cloudburst} {and ran in at the window|}. => flood from outside, not a pipe
{Bath and kitchen dry|Nothing leaks inside}, {still|yet} {the loft is dripping|insulation is sodden}, {snow blew in|driving rain} {where the storm lifted the felt|under tiles the wind raised}. => weather entered through storm damage
`)
