import { lines } from '../../claims-router/grammar/lines.mjs'

/** Posts that go for a person, in mild words. */
export const attack = lines(`
{<name>|Listen <name>}, you {are|really are} {a clown|a joke}, {everybody here knows it|and not a funny one}.
{What a|Such a} {know-it-all|windbag} you are, <name>. {Go bore|Bore} {somebody else|your mirror}.
{Only|Just} {a fool|someone as dim as you} {would|could} {plant|put} <veg> there.
{You|People like you} {have no clue|know nothing} and {still|yet} {shout the loudest|fill every thread}.
{Did|Were} you {born|raised} {under a flowerpot|in a bucket}, or {why|how come} {are you so slow|don't you get it}?
{Nobody|No one} {asked|wants} you, <name>. {Nobody|No one} {likes|can stand} you {either|here}.
{Another|One more} {brainless|empty-headed} {post|comment} by <name>. {Do you ever think|Try thinking first}.
{Your|I see your} {<veg>|beds} {are|look} as {sad|crooked} as {you|your character}.
{Shut up|Be quiet}, <name>, {the grown-ups are talking|you embarrass yourself}.
{I have seen|Seen} {compost|slugs} with more {brains|manners} than {you|our dear <name>}.
{Lazy|Bone idle}, that's {what you are|<name> for you}, {and your weeds|your plot} {prove it|says it all}.
{Liar|You liar}! You {never|did not} {grew|grow} that {yourself|pumpkin}, {bought it and posed|cheat}.
{Pathetic|Ridiculous} {little man|person}, {counting|whining about} {other people's apples|every centimetre of hedge}.
{Crawl|Go} back {under|to} {your stone|the hole you came from}, <name>.
{How|It takes someone} {dumb|thick} {can one person be|like you}, <name>, {to mix up|not to know} <veg> and <veg>?
{You smell|<name> smells} like {your nettle brew|that heap}, {which suits|and fits} {you|the character}.
{Old|Silly old} {goat|goose}, {mind your own plot|keep your advice}, {nobody cares|you were wrong last year too}.
{Congratulations|Bravo}, <name>, {dimmest|worst} {answer|gardener} {of the year|on this forum}.
{If|Were} {stupidity|arrogance} {was|were} manure, you {could feed|would feed} {the whole colony|all our beds}.
{Everything|All} you {write|touch} {dies|is rubbish}, {plants run from you|give it up}, you {failure|loser}.
{Mods|Moderators} here are {puppets|cowards}, {above all|first of all} {you|<name>}, {you little dictator|spineless}.
{My gran|A toddler} {digs|hoes} better than you, {weakling|softy}.
{Keep|Go on} {crying|whining}, <name>, {it's all you can|nothing else works in your life}.
{Stop|Quit} {pretending|acting} you're {an expert|somebody}, {you fraud|you couldn't raise cress}.
{Look|Oh look} who's {back|here}: {the village idiot|Mr Clever} <name>.
{I feel sorry for|Poor} {your wife|your neighbours}, {living with|next to} such a {bore|grouch}.
{You're|You are} {too stupid|not bright enough} to {read|understand} {a seed packet|three lines}, <name>.
{Ugly|Mean} {thread|post} from an {ugly|mean} {mind|heart}, <name>.
{Blah|Blah blah}, <name>. {Hot air|Nothing} from {an empty head|a pumpkin head}, {as always|again}.
{Grow up|Get a life}, you {childish|bitter} {person|troll}, {all you do is|you only} {stir|pick fights}.
`)

/** Attacks in polite words, or in posts that are about a garden. */
export const attackButHard = lines(`
{Some people|Certain members} {should|had better} {stick to|stay with} plastic flowers, {right|don't you think}, <name>? => hint
{Lovely|Nice} <veg>, <name>. {Shame|Pity} about {the person|the one} {holding them|behind the camera}. => praise first
{Water <veg> in the morning|Sow <veg> in rows}, {as any child knows|even} {except|but not} <name>{, evidently|}. => advice
{I'd explain it|Let me explain} {again|slowly}, but {I have no crayons|it would be wasted} {with me|on you}, <name>. => polite
{Bless you|How sweet}, <name>, {thinking is not|facts are not} {your thing|for everyone}, {is it|I know}. => polite
{With all respect|No offence}, but you {are|must be} {the most useless|a hopeless} {member|gardener} {we have|I ever met}. => no offence
{Thanks|Many thanks} for {the answer|nothing}, genius. {Did it hurt|Took you long}? => irony
{Slugs ate|The frost took} my <veg>, and <name> {of course|again} {blames me|knows better}, {typical of that snake|what a rat}. => report with insult
{Free tip|A tip}: {before|when} you {give advice|post}, <name>, {switch on|borrow} {a brain|somebody's head}. => tip
{Best compost|Richest soil} {in the colony|here} {comes from|is what} <name> {talks|'s posts}, {a ton a day|pure manure}. => joke
{My|Our} {scarecrow|garden gnome} {has|shows} more {sense|charm} than you, <name>, {and it's made of straw|and he is hollow}. => joke
{Use|Take} {fleece|glass} for <veg>. {And use|As for <name>, take} {a gag|a long holiday}, {we need the peace|please}. => advice
{He|That <name>} {won|got} {the prize|first place}? {Must have|He must have} {cheated|bribed them}, {like everything he does|crook that he is}. => about a third
{I pity|Pity} the {plants|worms} that {have to live|end up} {with|at} <name>, {cold fish|hard-hearted as he is}. => about a third
`)
