import { lines } from './lines.mjs'

/** Ill or hurt on a trip abroad, not in traffic. */
export const travel = lines(`
{Food poisoning|Terrible food poisoning} {in <abroad>|on day three in <abroad>}, {drip|two drips} in a {private clinic|clinic by the beach}. {Receipts in Spanish|I paid by card}. => food poisoning abroad
My {husband|mother|travel companion} {had a heart attack|collapsed with chest pain} {on the cruise|at our hotel in <abroad>}, {hospital wants a guarantee|they put in a stent}. => heart attack on a trip
{Slipped|I slipped} {by the hotel pool|on wet marble in the lobby} in <abroad>, {broke my hip|wrist broken in two places}, {surgery tomorrow|plate and screws}. => fall at the hotel abroad
{Our|The} {toddler|baby} {got a high fever|had a fit with fever} in <abroad>, {night doctor|children's hospital} {asked cash|charged us at once}. => child's fever abroad
{Skiing|While skiing} in <snow> I {tore a ligament|twisted my knee}, {rescued by helicopter|sledge down to the valley}, {rescue company bills me|medical bill attached}. => ski injury abroad
{Jellyfish|A jellyfish|Sea urchin spines} {on the beach|while snorkelling} in <abroad>, {allergic shock|foot infected}, {injections|antibiotics and cream} at the {health post|pharmacy and doctor}. => sea animal injury abroad
{Bitten|I was bitten} by a {street dog|monkey} in <abroad>, {rabies shots|five rabies shots} {started there|needed}, {two more at home|serum was not cheap}. => animal bite abroad
{Tooth|A tooth} {broke|abscess} {on holiday|during our tour of <abroad>}, {emergency dentist|dentist in the old town} {root canal|pulled it}. => emergency dentist abroad
{Appendix|My appendix} {had to come out|burst} {in <abroad>|in the middle of our round trip}, {five days|four nights} {in hospital|on the ward}, {missed the flight home|flew home a week late}. => appendix surgery abroad
{Altitude sickness|I got altitude sickness} {on the trek|above the second camp} in <abroad>; {oxygen|carried down by mule}, {then clinic|doctor's note in English}. => altitude sickness
{Dengue|They found dengue|Malaria test positive} after {a week|ten days} in <abroad>, {blood tests|admitted at once}, {tropical ward|platelets very low}. => tropical infection abroad
{Father|My dad, 71,} {ran out of|lost} {insulin|heart tablets} when {the suitcase vanished|the bag was delayed} in <abroad>, {had to see a doctor|hospital checked him} and {buy new ones|paid for a prescription}. => emergency medicine abroad
{Kidney stone|Kidney stones}, <abroad>, {worst night of my life|ambulance at 3 am}, {scan, morphine|scan and medicines} {all paid by me|I paid everything}. => kidney stone abroad
{Cut|I cut} my {foot|hand} on {coral|a broken bottle at the beach}, {eleven stitches|sewn up} by a {doctor on the ship|village doctor} {in <abroad>|on the <abroad> tour}. => cut treated abroad
{Exchange semester|I'm studying} in <abroad>: {mononucleosis|pneumonia}, {university hospital|campus doctor} {kept me a week|sent a bill to my room}. => illness while studying abroad
{Ear infection|Both ears infected} after {diving|the pool} {in <abroad>|at the resort}, {ENT doctor|specialist} {twice|three visits}, {drops|could not fly}. => ear infection abroad
{Broke|My girlfriend broke} {an ankle|her ankle} {hiking|on the volcano path} in <abroad>, {mountain rescue|carried by four men}, {X-ray and boot|orthopaedic boot, x-ray}. => hiking injury abroad
{Stroke|Suspected stroke}: {aunt|my father} {fell over at dinner|lost all speech} in <abroad>. {Needs a flight home with a nurse|Repatriation doctor asks for your OK}. => suspected stroke abroad, repatriation
{Burnt|Scalded} my {arm|leg} with {a hot shower|boiling tea on the train} in <abroad>, {burns unit|dressing every day} {for a week|charged per visit}. => burn treated abroad
{Pregnant|I am 24 weeks pregnant}, {bleeding|cramps} {on the trip|while in <abroad>}, {two scans|gynaecologist, scan}, {baby fine|all well now} but {the invoice is here|they want paying}. => pregnancy check abroad
{Stomach bug|Norovirus} {went round the cruise ship|hit our coach group}, {ship's doctor|the medical centre on board} {charges like a lawyer|bills every tablet}. => illness treated on board
{Sun stroke|Heat stroke} in <abroad>, {fainted at the temple|fell off the camel, more or less}, {infusion|ice packs and a drip} in the {emergency room|local hospital}. => heat stroke abroad
{Asthma|My son's asthma} got {bad|so bad} from {forest smoke|sand in the air} in <abroad>, {nebuliser|two nights with oxygen}. {Hospital letter attached|English discharge letter}. => asthma attack abroad
{Surf lesson|Surfing} in <abroad>, {board hit my face|fin cut my calf}, {nose straightened|wound cleaned and closed}, {follow-up at home|they kept my passport till I paid}. => surfing injury abroad
{Gallbladder|Gall bladder attack} {on a city break|during the choir trip} to <abroad>: {operated|keyhole surgery} {same day|next morning}. {My E-card was not accepted|They did not take my health card}. => gallbladder surgery abroad
`)
