/** Given names that are common somewhere and are no other word that is written with a capital. */
export const givenNames: readonly string[] = (
  'aaron abdul abigail adam adrian ahmed aisha alejandra alejandro alessandra alessandro alexander alexandra ali alice alicia ' +
  'amanda amelia amina ana anastasia andrea andreas andrei andrew andrzej angela anita anja anna anne annette antoine anton ' +
  'antonio arjun arthur astrid barbara beatrice beatriz ben benjamin bernd birgit björn brandon brenda brian bruno camila carla ' +
  'carlos carmen caroline catherine cathy cecilia chantal charles cheryl chiara chloe christian christina christine christoph ' +
  'christopher claire clara claudia cristina cynthia daniel daniela david deborah deepak diana diego dieter dmitri dominik ' +
  'donald donna dorothy edward ekaterina elena elisabeth elizabeth ella ellen emily emma enrique eric erik ernesto esther ' +
  'eugene eva evelyn fatima federico felipe felix fernanda fernando filip fiona francesca francesco francisco françois frank ' +
  'franziska frederik gabriel gabriela gary gemma george gerald gerard gerhard giovanni giulia giuseppe gloria gonzalo ' +
  'gregory greta guillaume guillermo gustavo günter hannah hans harold heather heidi heinz helen helena henrik henry hiroshi ' +
  'hugo ian ibrahim ignacio igor ines ingrid irina isabel isabella ivan jacob jacqueline jakub james jamie jan jana jane janet ' +
  'janine jasmine jason javier jeffrey jennifer jens jeremy jessica joan joanna joaquin johan johannes john jonas jonathan ' +
  'jorge josef joseph josé joshua joyce juan juana judith julia julian julie jürgen karen karin karl katarzyna katherine ' +
  'kathleen katrin kenneth kevin khalid klaus krzysztof kumar lars laura lauren laurent leila lena leon leonardo leticia liam ' +
  'linda lisa lorenzo louise luca lucas lucia luis luisa łukasz magdalena malik manuel manuela marc marcel marcin marco ' +
  'margaret maria marie mariana marina mario marion marta martha martin martina mary mateusz mathieu matteo matthew matthias ' +
  'maurice maximilian mehmet melissa mercedes mia michael michaela michel michelle miguel mikael miriam mohamed mohammed ' +
  'monica monika mustafa nadia nancy naomi natalia natalie nathan nicholas nicolas nicole nikolai nina noah nora olga oliver ' +
  'olivia omar oscar pablo pamela paolo patricia patrick paul paula paulo pedro peter philip philippe pierre piotr priya rachel ' +
  'rafael rahul raj rajesh ralph ramon raquel raymond rebecca renate ricardo richard robert roberto rodrigo roger roland rosa ' +
  'rosalind ruth ryan sabine samantha samuel sandra sara sarah sebastian sergei sergio sharon silvia simon simone sofia sophia ' +
  'sophie stefan stefanie stefano stephanie stephen steven susan susanne svetlana sven sylvia takeshi tamara tatiana teresa ' +
  'theodore theresa thomas thorsten tiago timothy tobias tomasz ursula valentina valeria vanessa veronica victor vincent ' +
  'vladimir walter wei wendy werner william wolfgang xavier yasmin yolanda yuki yusuf yvonne zoe zofia'
).split(' ')

/** Words that stand with a capital where a name could: after "Dear", "Hi", "Patient:", "I am". In lower case. */
export const notNames: ReadonlySet<string> = new Set(
  (
    'a about account accounts admin administrator afraid agent alexa all also am an and angry any anyone are as assistant at back ' +
    'bank board boss but by can care chair chatgpt chief claims claude client clients colleague colleagues committee community ' +
    'company concerned council counsel court customer customers damen das de dear department der desk die director doctor doktor ' +
    'don dr editor el employee employees everybody everyone extremely family fellow female file folks for friend friends from ' +
    'gemini good google guest guys he help her here herr herren hey hi hiring his hola hotel i if in info information is it its ' +
    'just justice king la ladies lady landlord le les lord los love ma madam madame male manager mate me member members message ' +
    'miss mister mom monsieur more morning most mr mrs ms mum my neighbour neighbor new no nobody none not now office officer ' +
    'officers on one only operator or order our owner parent parents partner patient patients people phone please president ' +
    'prof professor queen quick quickly re reader readers really recruiter representative resident sales santa señor señora ' +
    'señores señoras she sir sirs siri sister so some someone sorry staff still student students subscriber supplier support ' +
    'team teams tenant thank thanks that the their them there these they this those to too tuesday monday wednesday thursday ' +
    'friday saturday sunday under unknown unit us user users very was we were what when where who why will with women world ' +
    'yes you your yours january february march april june july august september october november december english french ' +
    'german spanish italian american british very cliente clientes kunde kunden kundin kundenservice client service equipo ' +
    'todos tous toutes alle allerseits zusammen alerts diary santa nature alexa null true false n/a none test stable normal high low report final galaxy'
  ).split(' '),
)
