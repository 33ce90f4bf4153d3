import { lines } from '../../claims-router/grammar/lines.mjs'

/** Adverts, and posts that only want a click. */
export const spam = lines(`
{EARN|Make} <price> {a day|per week} {from your sofa|with your phone}! {Ask me how|Start here}: <url>
{Best|Top} {watches|sunglasses} {70 %|80 percent} off, {today only|while stock lasts} <url>
{I lost|Lost} {12 kilos|two sizes} {with one tea|in four weeks}, {doctors are amazed|order at} <url>
{Cheap|Low-cost} {loans|credit} {without questions|in ten minutes}, {write to|contact} {agent Rolf|Ms Vance} at <url>
{Click|Tap} {here|the link} to {claim|collect} your {voucher|gift card} <url> {before midnight|last chance}
{Crypto|Coin} {signals|tips} {that never fail|from a pro}: {join|enter} our {free group|channel} <url>
{Our|The} {miracle fertiliser|GrowMax drops} {triples|doubles} {any|your} harvest, {order now|code PLOT20} <url>
{Roof|Gutter} {cleaning|repair} {in your area|by experts}, {free quote|call} 0555 0{1|2}{4|7}{3|9}, {fair prices|since 1998}
{Hot|Great} {deals|offers} on {garden furniture|hot tubs}!!! {Free shipping|Delivery included} <url>
{Follow|Like} my {page|channel} and {I follow back|win a tablet}: <url>
{Buy|Get} {real|verified} {reviews|followers} for your {shop|business}, <price> {per hundred|only} <url>
{Dear friend|Hello dear}, {I am a widow|I'm a banker} with <price> {to give away|to transfer}, {reply quick|write me in private}
{Work|Jobs} {from home|without experience}, <price> {weekly|guaranteed}, {only ten places|register} <url>
{Casino|Poker} {bonus|spins} {for new players|today}: {no deposit|200 free} <url>
{Essay|Homework} {service|help}: {any topic|48 hours}, {from|only} <price>, <url>
{Hair|Beard} {grows|thicker} in {ten days|a week} {with this oil|try Folicor}, <url>
{We print|Printed} {mugs|shirts} with {your photo|any slogan}, {from|as low as} <price>, {see|shop} <url>
{Solar panels|Heat pumps} {at zero cost|for free}?! {Government pays|Check if you qualify} <url>
{Magic|Healing} {bracelet|stone} {ends|takes} {back pain|all worries}, {money back|thousands swear by it} <url>
{New|Just released}: {e-book|course} "{Rich by Thirty|Sell Anything}", {half price|bonus chapter} <url>
{Are you|Feeling} {lonely|single}? {Meet people|Sweet ladies} {near you|in <town>} <url>
{Wholesale|Bulk} {phone cases|batteries}, {minimum 100|mixed boxes}, {mail|price list} <url>
{My cousin|A friend} {makes|earned} <price> {in a month|by clicking}, {I did not believe it|so can you} <url>
{Test|Try} {our|the} VPN {free|30 days}, {code SAFE30|cancel any time} <url>
{Your account|This forum account} {expires|will be closed}, {confirm|log in} {here|now} <url>
{Psychic|Medium} {Aurelia|Zora} {sees|answers} {everything|love, money, health}, {first call free|0555 0199}
{Selling|I sell} {tickets|concert seats} {below price|all shows}, {pay ahead|transfer first}, <url>
{SEO|Website} {experts|team} {bring you|get you} {to page one|more clicks}, {offer|quote} {in 24 h|today} <url>
{Vitamin|Power} {gummies|drops} {3 for 2|-50 %}, {link in profile|shop now} <url>
{Free|Gratis} {phone|console} for {the first 50|testers}, {just pay postage|short survey} <url>
`)

/** Spam that talks about gardens, or sounds like a member. */
export const spamButHard = lines(`
{Great thread|Nice post}! {By the way|BTW} {my shop|our store} has {gloves|secateurs} {at half price|with engraving} <url>
{I had|Had} the same {problem|pest} with <veg>, then I {found|ordered} {SlugStop Pro|BlightAway}, {you can get it|link} <url>
{Thanks for the tip|So true}, {and if you need|who needs} {seeds|pots}: {my code|use} {GREEN15|ADA10} {saves you|gives} 15 % <url>
{Anyone|Who} {wants|needs} {a greenhouse|fence panels}? {We build|Our firm puts up} {all over|in} <town>, {call|see} <url>
{My|Our} <veg> {grew twice|got huge} {thanks to|with} {NitroLeaf|the Kessel lamp}, {only <price>|sale ends Sunday} <url>
{Question|Quick question}: {who has tried|do you know} {AquaPod|RootBoost}? {I sell it|I'm the dealer}, {discount|cheaper} for {members|this forum} <url>
{Photos of my plot|Pictures from my garden}: <url> ({buy prints|calendar for <price>}, {ships worldwide|order early})
{Compost|Bark} {by the lorry|delivered}, {ten|five} {cubic metres|bags} <price>, {ring Denny|order} 0555 01{2|6}{1|8}
{Join|Sign up for} our {paid|premium} {pruning|compost} {webinar|masterclass}, <price>, {seats are few|early bird} <url>
{As a beginner|Being new here} I {love|use} this {app|planner}: {30 days free|referral link}, {I get a bonus|please use it} <url>
{Moles|Mice} {gone|no more} {in one night|for good}! {Sonic spikes|EarthPulse}, {pack of six|two for one} <url>
{Honey|Jam} from {my hives|our farm} {for sale|to buy}, <price> a jar, {card or cash|I post anywhere}, <url>
`)
