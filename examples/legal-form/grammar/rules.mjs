import { lines } from '../../claims-router/grammar/lines.mjs'

/**
 * The sections of the invented Act. `draw` gives the number that decides; `cases` are tried in order, with the risk and the
 * advice; `ask` are the ways people ask. `<n>` is the number, `<from>` and `<to>` are two days so far apart.
 */
export const rules = [
  {
    basis: '§ 3 HTA (renewal of stall permits)',
    count: 32,
    draw: (random) => 1 + random.integer(34),
    boundary: 14,
    fact: (n) => `The permit was renewed ${days(n)} late.`,
    cases: [
      [
        (n) => n <= 14,
        'medium, a late fee of 40 crowns is due',
        'Pay the late fee and keep the receipt at the stall.',
      ],
      [() => true, 'high, the permit has lapsed', 'Close the stall and apply for a new permit.'],
    ],
    ask: lines(`
{I renewed|We renewed} {my|the} stall permit <n> {days|days} {too late|after the end of March}, {what now|is that bad}?
{Renewal|The renewal} {went in|was filed} <n> days {late|overdue} {because of my hip|, my fault}. {Can I still sell|May the stall stay open}?
{The office|A clerk} says my permit was <n> days {over|past} {the date|its term} when I {paid|came in}.
{Forgot|I forgot} the {permit|stall licence}, {only noticed|saw it} <n> days {later|after it ran out}. {Cheese stall|Row C}, {corner|by the crane}.
{My sister|Our son} {handed in|posted} the permit renewal <n> days after the {deadline|last day}, {do we lose the pitch|what does it cost}?
{Stall|Pitch} {12|40|7}, permit {expired|ended}, renewed with <n> days' delay{, flowers only|}. {Consequences|What follows}?
{Is|Would} a delay of <n> days {in renewing|with} the stall permit {serious|a problem} {under the Act|here}?
`),
  },
  {
    basis: '§ 5 HTA (amplified sound)',
    count: 32,
    draw: (random) => -40 + 5 * random.integer(29),
    boundary: 30,
    fact: (n) =>
      n > 0 ? `Amplified sound went on ${minutes(n)} past 21:00.` : 'Amplified sound ended by 21:00.',
    cases: [
      [(n) => n <= 0, 'low, the evening limit was kept', 'Note the end of the music and carry on.'],
      [
        (n) => n <= 30,
        'medium, a warning is likely',
        'End the music by 21:00 from now on and log the times.',
      ],
      [
        () => true,
        'high, a fine of 200 crowns applies',
        'Stop amplified sound at 21:00 and set money aside for the fine.',
      ],
    ],
    ask: lines(`
{Our|The} band {played|went on} {with speakers|over the PA} until <clock>, {can they fine us|any trouble ahead}?
{Loudspeaker|The speaker} {at the fish stall|on the pier} was {on|switched off only} till <clock>. {Neighbour complained|Police came by}.
{Music|Karaoke} from the {beer tent|wine stall} {ended|stopped} at <clock>, {it was a birthday|nice crowd}. {Allowed|Is that within the rules}?
{What happens|What do we face} if the {amplifier|sound system} {runs|is on} to <clock>?
{Someone|The harbour guard} {measured|wrote down} <clock> as the end of {our music|the amplified show}.
{DJ|The DJ} {packed up|pulled the plug} at <clock>, {I have witnesses|it is on video}, {so what|your view please}?
{Quiz night|Auction} with {microphone|loudhailer}: {last word|it finished} at <clock>.
`),
  },
  {
    basis: '§ 7 HTA (deposit for hired boats)',
    count: 34,
    draw: (random) => 5 * (1 + random.integer(10)),
    boundary: 20,
    fact: (n, { hire, deposit }) =>
      `A deposit of ${deposit} crowns was taken on a hire of ${hire}, which is ${n} %.`,
    cases: [
      [(n) => n <= 20, 'low, the deposit is within 20 %', 'Leave the deposit as it is and give a receipt.'],
      [
        () => true,
        'high, the part above 20 % can be claimed back',
        'Return what exceeds 20 % of the hire and correct the form.',
      ],
    ],
    ask: lines(`
{The hirer|We} {asked|took} <deposit> crowns deposit {for|on} a boat that {costs|hires for} <hire>. {Fair|Legal}?
{Hire|Boat hire} <hire>, deposit <deposit>: {too much|is it allowed}? {Four days|A weekend} on the {sloop|launch}.
{Paid|I paid} <deposit> crowns {as security|up front} for a {dinghy|rowing boat}, {rent|the price} <hire>.
{My form|Our contract} {demands|says} <deposit> {crowns deposit|in deposit} with a hire {of|at} <hire> crowns.
{Can|May} a {boatman|yard} keep <deposit> crowns {deposit|as a deposit} on <hire> crowns {hire|of hire} {till we are back|}?
{For the motor launch|Two kayaks}: <hire> crowns, {plus|and} <deposit> {deposit|security}. {Family of five|Calm water only}.
{Customer says|A guest claims} <deposit> {is an outrageous|is too high a} deposit; the hire {was|came to} <hire> crowns.
`),
  },
  {
    basis: '§ 8 HTA (return of deposits)',
    count: 34,
    draw: (random) => 2 + random.integer(22),
    boundary: 10,
    dated: true,
    fact: (n) => `The deposit was paid back ${days(n)} after the boat came home.`,
    cases: [
      [(n) => n <= 10, 'low, the ten days were kept', 'File the proof of payment.'],
      [
        () => true,
        'medium, interest is owed for the delay',
        'Pay the interest and settle deposits within ten days.',
      ],
    ],
    ask: lines(`
{Got|I got} my boat deposit {back|returned} <n> days after {we brought her in|handing over the keys}. {Too slow|Can I ask for more}?
{We|Our yard} {paid|sent} the deposit {back|} <n> days {after return|later}, {customer is cross|the bookkeeper was ill}.
{Boat|The skiff} {home|back} on <from>, deposit {in my account|repaid} on <to>. {Is that in time|What am I owed}?
{Return|Boat returned} <from>, {money|deposit} {wired|given back} <to>, {any claim|is it fine}?
How long may {a hirer|the yard} {hold|sit on} a deposit? {Mine|With me it} {took|was} <n> days {after the trip|from return}.
{Deposit|The deposit} {refunded|handed back} {with a delay of|after} <n> days, {boat was clean|no scratches}.
{They|The yard} kept my {security|deposit} <n> days {once the boat was moored|after I returned it}, {then paid in full|no note}.
`),
  },
  {
    basis: '§ 9 HTA (notice of damage)',
    count: 34,
    draw: (random) => 4 * (1 + random.integer(24)),
    boundary: 48,
    fact: (n) => `The damage was reported ${n} hours after the boat was returned.`,
    cases: [
      [(n) => n <= 48, 'low, the claim stands', 'Send photos and a cost estimate to the other side.'],
      [() => true, 'high, the claim is lost', 'Do not press the claim; record damage at each return.'],
    ],
    ask: lines(`
{Found|We found} a {crack|dent} in the hull and {told|wrote to} the {guest|hirer} <n> hours after {return|he left}.
{Is|Would} <n> hours {too long|still all right} for {reporting|notice of} a {broken oar|torn sail}?
The yard {says|claims} I {bent the rudder|broke a cleat}. {Their letter|The mail} came <n> hours after I {gave the boat back|returned it}.
{Hirer|The hirer} {reports|noticed} {scratches|a lost anchor} <n> hours {on|after the return}. {Must I pay|Who pays}?
{After|Only after} <n> hours {did they|they did} {mention|complain about} the {propeller|cushions}.
{Damage|A leak} {to the tender|in the inflatable}, notice {given|made} {by phone|in writing} <n> hours after {she came back|mooring}.
{It took us|We needed} <n> hours {to report|until we announced} the {split plank|bent mast} to {our customer|the tourist}.
`),
  },
  {
    basis: '§ 11 HTA (testing of scales)',
    count: 32,
    draw: (random) => 6 + random.integer(16),
    boundary: 12,
    fact: (n) => `The scales were last tested ${n} months ago.`,
    cases: [
      [(n) => n <= 12, 'low, the test is still valid', 'Book the next test before the year is over.'],
      [
        (n) => n <= 15,
        'medium, the test is overdue',
        'Have the scales tested within the month and tell the office.',
      ],
      [() => true, 'high, sales by weight must stop', 'Stop selling by weight until the scales are tested.'],
    ],
    ask: lines(`
{My|Our} {scales|balance} {were|was} {checked|tested} <n> months ago, {still good|may I weigh}?
{Sticker|The seal} on the scales is <n> months old. {Herring|Olives} {by the kilo|sold loose}.
{Last|The last} test of {the scales|my scale}: <n> months {back|ago}. {Inspector comes Friday|Market opens soon}.
{Bought|I bought} a stall with {old scales|a scale}, {tested|test mark} <n> months {before|ago}. {Use it|Can it be used}?
{How bad|What} is it if scales {have gone|went} <n> months without {a test|testing}?
{Weighing|I weigh} {cheese|nuts} on a scale {that saw its last test|whose test was} <n> months ago.
{The tester|The testing man} {was here|came} <n> months ago{, he's retired now|}. {Do I need him|When is he due}?
`),
  },
  {
    basis: '§ 13 HTA (cooling of food)',
    count: 32,
    draw: (random) => 3 + random.integer(12),
    boundary: 7,
    fact: (n) => `The food was kept at ${n} degrees.`,
    cases: [
      [(n) => n <= 7, 'low, the cooling is sufficient', 'Keep the temperature log for 30 days.'],
      [
        (n) => n <= 10,
        'medium, the food may only be sold on the same day',
        'Sell it today, then repair the cooling.',
      ],
      [() => true, 'high, the food must be destroyed', 'Destroy the food and report it to the office.'],
    ],
    ask: lines(`
{Fridge|The fridge} {at the stall|in the van} {shows|was at} <n> degrees, {prawns inside|it is full of cheese}. {Sell|May I sell it}?
{Ice melted|The ice was gone}, {fish|mussels} {measured|were} at <n> degrees {by noon|when I looked}.
{Thermometer|My thermometer} reads <n> {in the counter|beside the sausages}. {Fine|What does the Act want}?
{Inspector|A lady from the office} found <n> degrees {in my cool box|at the yoghurt stand}.
{Kept|We kept} {cream cakes|smoked eel} at <n> degrees {overnight|since six}, {is it lawful|can they stay on sale}?
{The cooling|Compressor} {rattles|is weak}: <n> degrees {all morning|instead of the usual}. {Milk and butter|Minced meat}.
{What|Which risk} if {chilled|cooled} food {sits|lies} at <n> degrees?
`),
  },
  {
    basis: '§ 15 HTA (withdrawal from orders)',
    count: 32,
    draw: (random) => 2 + random.integer(24),
    boundary: 14,
    dated: true,
    fact: (n) => `The buyer withdrew ${days(n)} after delivery.`,
    cases: [
      [(n) => n <= 14, 'low, the withdrawal is valid', 'Take the goods back and refund the full price.'],
      [
        () => true,
        'high, the right to withdraw is lost',
        'Offer or ask for an exchange as a courtesy; no refund is owed.',
      ],
    ],
    ask: lines(`
{Ordered|I ordered} {a rug|lamps} at a stall, {delivered|it came} on <from>, {want to send it back|I said no} on <to>.
{Customer|A customer} {withdraws|changed her mind} <n> days after we {delivered|brought} the {table|oilskins}.
{Can I|May I still} {return|give back} the {telescope|hammock} <n> days after {delivery|it arrived}?
{Delivery|Parcel} <from>, {cancellation|withdrawal} <to>: {refund|must we refund}? {Hand-made bowls|Ship's clock}.
{Buyer|The buyer} {wrote|mailed} <n> days after {getting|receiving} the {nets|chairs} {that he no longer wants them|to cancel}.
{Is|Was} it too late to {cancel|withdraw} <n> days {after|from} delivery? {The coat is too small|Wrong blue}.
{We sell|I sell} {by catalogue|on order}, {client|man} {sends back|refuses} {the goods|the stove} <n> days after delivery.
`),
  },
  {
    basis: '§ 17 HTA (work of persons under 16)',
    count: 30,
    draw: (random) => 1 + random.integer(7),
    boundary: 3,
    fact: (n) => `A person under 16 worked ${n} ${n === 1 ? 'hour' : 'hours'} in a day.`,
    cases: [
      [(n) => n <= 3, 'low, three hours a day are allowed', "Keep the parents' consent at the stall."],
      [() => true, 'high, the work is forbidden', 'Shorten the day to three hours at once.'],
    ],
    ask: lines(`
{My|Our} {daughter|nephew} ({14|15}) {helps|works} <n> {hours|hours} on Saturdays {at the stall|selling waffles}.
{A boy|The boy} of {13|14|15} {stood|worked} <n> hours at the {bait|ice cream} stall, {he wanted to|pocket money}. {Problem|Is it lawful}?
{Holiday job|Summer help}: {she is 15|he turns 15 soon}, <n> hours {a day|each day}. {May we|All right}?
How {long|much} may {a 14-year-old|my 15-year-old} {work|help}? {We planned|I thought of} <n> hours.
{Neighbour's kid|A school girl}, {not yet 16|fifteen}, {carried crates|ran the till} for <n> hours {yesterday|on market day}.
{Is|Are} <n> hours {daily|per day} {fine|allowed} for {a pupil under 16|somebody of 15}?
{They reported me|I was reported}: {my son|a lad} of 14 {sold eels|washed boats} <n> hours.
`),
  },
  {
    basis: '§ 19 HTA (removal of waste)',
    count: 32,
    draw: (random) => 15 * (1 + random.integer(14)),
    boundary: 60,
    fact: (n) => `Waste was removed ${minutes(n)} after closing.`,
    cases: [
      [(n) => n <= 60, 'low, the hour was kept', 'Nothing more to do.'],
      [
        (n) => n <= 120,
        'medium, a cleaning charge may follow',
        'Clear the pitch within the hour and offer to pay the charge.',
      ],
      [() => true, 'high, the pitch may be withdrawn', 'Apologise in writing and hire help for clearing.'],
    ],
    ask: lines(`
{Our|My} {rubbish|boxes} {stayed|stood} <n> minutes after {closing|the bell}, {van had a puncture|the skip was full}.
{Cleared|I cleared} the {fish waste|peelings} <n> minutes after {we shut|close of market}. {Late|Is that late}?
{The warden|A cleaner} {noted|complains of} <n> minutes until the {waste|crates} {were|was} gone.
{How long|Till when} may waste {lie|stay}? {With us|At our pitch} it {was|took} <n> minutes {after the end|from closing}.
{Crushed ice|Wet cardboard} {removed|taken away} <n> minutes after {closing time|the market closed}.
{We need|It takes us} <n> minutes {to get rid of|for} {oil and scraps|the waste} {each evening|once closed}.
{They threaten|The office threatens} {to take my pitch|a charge}: waste {lay|was there} <n> minutes after closing.
`),
  },
  {
    basis: '§ 21 HTA (passing on a stall)',
    count: 30,
    options: [
      [
        'with written consent of the office',
        'with a letter of consent from the office',
        'the office agreed in writing',
        'I hold the signed consent',
      ],
      [
        'with oral consent of the office only',
        'the office said yes on the phone',
        'a clerk nodded, nothing on paper',
        'they agreed by word of mouth',
      ],
      [
        'without consent of the office',
        'nobody asked the office',
        'the office does not know',
        'without telling the office',
      ],
    ],
    draw: (random) => random.integer(3),
    fact: (n, { option }) => `The stall was passed on ${option}.`,
    cases: [
      [(n) => n === 0, 'low, the consent is sufficient', 'Keep a copy of the consent at the stall.'],
      [
        (n) => n === 1,
        'medium, the consent must be in writing',
        'Ask the office for a written confirmation.',
      ],
      [() => true, 'high, the permit may be revoked', 'End the arrangement and inform the office.'],
    ],
    ask: lines(`
{I let|We let} my {cousin|partner} run {the stall|our stall} {in July|while I am in hospital}, <option>. {Allowed|What do you say}?
{Rented|I rented} my {pitch|stall} to {a baker|two students}; <option>.
{Can|May} a friend {take over|use} my stall {for a month|on Sundays}? <Option>.
{Sublet|We sublet} {half the stall|the left side} to a {potter|florist}, <option>. {Risky|Any risk}?
{Retiring|I retire}, {my niece|the lad} {goes on|sells} {at my stall|in my name}: <option>.
{Somebody|A trader} {works|sells} on the pitch of {another|his uncle}, <option>, {is that proper|what now}?
`),
  },
  {
    basis: '§ 23 HTA (gas bottles)',
    count: 32,
    draw: (random) => (4 + random.integer(27)) / 10,
    boundary: 2,
    fact: (n) => `The gas bottle stood ${n} metres from the flame.`,
    cases: [
      [(n) => n >= 2, 'low, the distance is kept', 'Mark the place of the bottle on the ground.'],
      [
        (n) => n >= 1,
        'medium, the distance is too small',
        'Move the bottle to at least 2 metres before reopening.',
      ],
      [
        () => true,
        'high, the stall can be closed at once',
        'Put out the flame and move the bottle to at least 2 metres.',
      ],
    ],
    ask: lines(`
{Gas bottle|The bottle} {stands|is} <n> metres from {the grill|our fryer}, {no more room|under the table}. {Okay|May it}?
{Between|From} {burner|pan} {and|to} gas bottle: <n> metres. {Fire officer|Insurance} {asks|wants to know}.
{How near|How close} may {gas|a bottle} be to {a flame|the hob}? {Ours|At our crêpe stall it} is <n> m.
{Inspector|The warden} {measured|found} <n> metres {between|from} {cooker and bottle|the bottle to the fire}.
{Moved|We moved} the bottle, {now|it is} <n> metres away from {the flame|the waffle iron's burner}.
{Roast chestnuts|Chestnut oven}, {bottle behind|gas} at <n> m. {Wind is strong|Lots of children}. {Is it safe by law|Any duty}?
{The hose|Our hose} is short, so the {gas|bottle} sits <n> metres {off|from the open flame}.
`),
  },
  {
    basis: '§ 25 HTA (appeals)',
    count: 34,
    draw: (random) => 5 + random.integer(23),
    boundary: 21,
    dated: true,
    fact: (n) => `The appeal was filed ${days(n)} after the decision.`,
    cases: [
      [(n) => n <= 21, 'low, the appeal is in time', 'Send the reasons and keep proof of the filing.'],
      [
        () => true,
        'high, the decision has become final',
        'Ask whether the office will reconsider of its own accord.',
      ],
    ],
    ask: lines(`
{Decision|The decision} {dated|of} <from>, {I appealed|my appeal went in} on <to>. {In time|Is it too late}?
{Office|The office} {refused|took} my {pitch|permit}, I {objected|appealed} <n> days {later|after the letter}.
{Can I|May one} still appeal <n> days after {a fine|the decision}? {I was at sea|Post was slow}.
{We filed|I filed} {an appeal|the objection} <n> days after the {ruling|decision}, {they say|clerk says} {it doesn't count|too late}.
{Appeal|My appeal} {against a fine|about the fee}: decision <from>, {filed|handed in} <to>.
{How long|What time} {do I have|is there} {to appeal|for an appeal}? {Today it is|We are at} <n> days.
{The letter came|Notice of the fine was} <n> days {ago|back} and {only now|today} {I contest it|do I appeal}.
`),
  },
  {
    basis: '§ 27 HTA (price tags)',
    count: 30,
    options: [
      ['all goods', 'every basket has its tag', 'all of it is tagged', 'each item has a price on it'],
      ['some goods only', 'about half has tags', 'a few items have none', 'some lack a tag'],
      ['no goods', 'no tags at all', 'nothing is tagged', 'people must ask for prices'],
    ],
    draw: (random) => random.integer(3),
    fact: (n, { option }) => `Prices were shown on ${option}.`,
    cases: [
      [(n) => n === 0, 'low, the duty is met', 'Check the tags each morning.'],
      [(n) => n === 1, 'medium, a warning is likely', 'Add the missing tags today.'],
      [() => true, 'high, a fine of 120 crowns applies', 'Tag all goods before selling on.'],
    ],
    ask: lines(`
{Prices|About prices} {at my stall|on our stand}: <option>. {Enough|Is that enough}?
{A customer|Some tourist} {grumbled|complained} about {prices|missing prices}; <option>{, I admit|}.
{Vegetable stall|Second-hand books}, <option>. What {can happen|do I risk}?
{Chalk board|The price board} {washed off|fell down} in the rain, so now: <option>.
{The inspector|An officer} {looked at|went through} our {display|table}: <option>.
{Do|Must} {shells and soap|postcards} {need|carry} prices? <Option>.
`),
  },
]

/** Questions that the Act does not answer, each with its fact. */
export const outside = lines(`
{My|Our} landlord {in town|on Quay Hill} {raises|wants to raise} the rent {by a third|again}. => The question is about the rent of a flat.
{Can I|May I} {divorce|leave my husband} {without a lawyer|this year}? => The question is about a divorce.
{Who pays|Must I pay} {church|dog} tax {in Velmar|here}? => The question is about a tax.
{A colleague|My boss} {reads|opened} my {private mail|letters}. {Legal|Allowed}? => The question is about private mail.
{Speeding|I was flashed} at 62 {in a 50 zone|by the school}, {what does it cost|licence gone}? => The question is about speeding.
{Inherited|I inherit} a {house|meadow} with {two brothers|debts}, {can I refuse|how do we split}? => The question is about an inheritance.
{Employer|My employer} {won't|refuses to} pay {overtime|the holiday money}. => The question is about wages.
{The airline|An airline} {lost|broke} my {trunk|cello}. => The question is about luggage on a flight.
{Neighbour's|The neighbour's} {tree|ivy} {grows over|hangs into} {my fence|our yard}. => The question is about a tree of a neighbour.
{How do I|Can one} {register|found} {a choir|a club} {as a charity|officially}? => The question is about a club.
{My phone contract|The gym} {renewed itself|can't be cancelled}, {help|is that right}? => The question is about a contract of another trade.
{Photo of me|A film with me} {on a poster|in the paper}, {nobody asked|I never agreed}. => The question is about a picture of a person.
`)

const days = (n) => (n === 1 ? '1 day' : `${n} days`)
const minutes = (n) => `${n} minutes`
