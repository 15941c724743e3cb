"""Mails that speak of a child in words that no single row foresees, all invented.

In braces what is the child's; below, mails that speak of a child and of a thing.
"""

from __future__ import annotations

GENEROUS = """\
pls come after 3, {Kaylee} naps til then. she just hit {2 and a half} and wakes at anything
We have three kids ({11}, {8} and {4}) so the hot water runs out fast.
Both boys share the back room, they're {6} and {9}, and the heater there is dead.
I can't be home at noon because I pick up {Rosalind} from {Maple Grove Elementary} at 12:15.
Could you reschedule? {Theo}'s got a {Little League} game that evening with the {Mudcats}.
My daughter dances with {Starlight Ballet Academy} on Tuesdays, so not Tuesday.
My son has {Type 1 diabetes} and his insulin sits in that fridge, so it is urgent.
The little one is {allergic to peanuts}, so please no snacks in the house.
The baby has {RSV} and the pediatrician wants a humidifier on the furnace.
Our middle kid has {cerebral palsy} and uses a {wheelchair}; the ramp must hold it.
{Ezra} takes {Ritalin} and leaves the bottle on the sink; please don't move it. He's {10}.
My grandson {Dashiell}, born {March 3, 2019}, pulled the thermostat off the wall.
Attached the custody order: minor child {Noelle Ferris}, DOB {07/22/2014}.
{Kai}'s birthday is on {June 14} and he'll be {nine}, so we need the yard done by then.
He was born in {2016} and his sister in {2018}; both kids sleep in the loft.
Our au pair will let you in, she's with {Pippa} ({3}) and {Hugo} ({18 months}).
My stepson goes to {Roosevelt High}, he could hold the ladder, he's {16}.
I am {15} and home alone, the pipe is spraying water everywhere, my mom is at work
im in {8th grade} and my dad told me to write u about the leak
Please send the invoice to my dad, I'm only {14}.
My daughter's daycare, {Little Sprouts}, closes at 5:30, so we will be back by six.
The twins' preschool ({Tiny Tigers}) is shut on Friday so they'll be underfoot.
{Marisol} has {asthma} and the dust from the sanding set it off last time. Poor kid.
My kiddo starts {kindergarten} on Monday so mornings are out.
She's a {junior} at {Westlake} and needs quiet for her exams, our daughter, I mean.
The neighbor kid, {Trevor}, {12}, kicked a ball through the basement window.
Our foster child arrives Thursday. She is {five} and in {first grade}.
We adopted {Mei} last year, she is {six} now and scared of drills.
Our youngest just turned {13} and wants her own bathroom.
The kids are at {Camp Winnebago} until Friday, so the house is empty.
My boy plays for the {Ridgewood Rockets} {U12} and we are out each Wednesday.
{Cub Scout Pack 117} meets in our garage; my son is the den chief.
{Girl Scout Troop 4471} is meeting here, my daughter sells cookies.
She's got {speech therapy} at 3 on Mondays, so I drive {Lottie} over then.
My nephew is {autistic} and the drill noise is hard on him. He is {seven}.
{Juniper}'s pediatrician is worried about lead in the pipes, her level was {8 mcg/dL}.
We lost our {4 month old} last spring, so please be gentle with my wife about the nursery.
{Jayden} {9th grade}, {Aria} {6th grade}, both need desks.
my lil man is {3 1/2} and he flushed a truck down the toilet
The baby is {10 weeks old}, the 10-year-old boiler is dead, and it's 40 degrees.
{Lena} is in {Ms. Okafor's class} at {Brookside School}.
He is a {freshman} at {St. Ignatius Prep}, my son, and he can move the boxes.
Please use low-VOC paint: my daughter has {eczema} and takes {Zyrtec}.
Photo attached: {IMG_Lucas_birthday.jpg}. It shows the leak over Lucas' bed. {Lucas} is our son.
See {emma_soccer_2024.png}; ignore my daughter {Emma} in the front.
My son will turn {eighteen} in May and then takes over the lease.
{Nadia}, who's {11}, says the toilet runs all night.
We've got a {nine-year-old} and a {newborn} at home.
The babysitter {Chloe} is {16} and will open the door for you.
Our sitter goes to {Jefferson High} so she gets here at 3:30, the kids let her in.
My ex has {full custody} of {Remy} on weekdays, so come at the weekend.
Her daughter is in the {NICU} at the moment, so she cannot sign.
Our daughter {Esme} competes for {Aqua Stars Swim Club} on Saturdays.
The tenants' boy, {Malik}, {5}, drank from the lead-tainted tap.
Mi hija {Renata} tiene {4 añitos} y duerme en ese cuarto.
Mi niño {Iker} va al {Colegio Benito Juárez} y sale a las dos.
El bebé de {ocho meses} está con {bronquitis}, urge la calefacción.
{Ximena} está en {segundo de primaria} y llega a la una; mi hija abre la puerta.
Mi nieto {Bruno} cumple {nueve} el sábado, así que no vengan.
Mi hijo juega en los {Tiburones} los martes.
Nació el {3 de mayo de 2018}, mi niña, y es {alérgica al polvo}.
Tengo {16 años} y mi mamá trabaja, yo les abro.
Ma fille {Capucine} a {deux ans} et demi et dort à midi.
Notre fils {Timéo} est en {CM1} à l'{école Jules Ferry}.
Mon petit {Malo}, {3 ans}, a mis un jouet dans les toilettes.
Les enfants ont {6} et {9 ans}, la chaudière est en panne.
Ma fille est née le {12/04/2020} et elle a de l'{asthme}.
Notre bébé de {4 mois} a besoin de chauffage.
Unser Sohn {Jonas} schläft oben. Er ist {7 Jahre} alt.
Meine Tochter {Lotte} geht in die {3. Klasse} der {Goethe-Grundschule}.
Unser Baby ist {vier Monate} alt und es ist kalt.
Die Kinder sind {5} und {8}, bitte die Steckdosen sichern.
{Finn} ist in der {Kita Sonnenschein} bis 15 Uhr, danach ist mein Sohn zu Hause.
Unsere Tochter hat {Neurodermitis}, bitte keine Lösungsmittel.
Meine Enkelin {Mia}, geboren am {4.5.2017}, ist bei uns.
Mein Sohn spielt beim {TSV Waldheim} und ist dienstags weg.
age {7}, weight {48 lb}, that's for the fitting of our boy's safety harness
Name: {Ivy Chandler}. Age: {8}. Allergies: {bee stings}. Emergency contact: Dana.
Camper {Wes Boyd}, {9}, needs {an inhaler} at bedtime. Bunk 4 has no light.
the {3rd grader} broke the valve again, sorry, my kid loves handles
Our teens are {13}, {15}, and {17} and shower for an hour each.
{Jasper} (our {4yo}) stuck gum in the keyhole
My daughter {Wren} is {non-verbal} and may run to the door.
He will be {two} in August and climbs, so we need window guards for our toddler.
My child attends {Beth Shalom Preschool} and it's closed for {Passover}.
{Sienna}'s {bat mitzvah} is on the 12th, the floors must be done.
{Diego}'s {first communion} is Sunday, my boy is nervous.
Dad here. {Rafael} (DOB {2/9/2015}) needs a letter for the school.
kids names {Otto} & {Ivo} ages {5} & {7}, they will hide from you
our son's coach at {Eastside Wrestling Club} lent us the pump
Heads up: our {twelve year old} will be the only one home at 3, she knows to let you in.
My wife just had a baby ({Soren}, {two weeks}) so please knock softly.
Can the plumber come before pickup? {Odette} gets out of {Saint Brigid School} at 3.
The kids, {Ines} and {Rafi}, are in {2nd} and {5th grade} and leave at 8.
Our teenager {Desmond} ({15}) will sign, he has {braces} off that day so he's home.
His little sister {Maren} is {7} and she's the one who dropped the ring in the drain.
pls no strong glue, my lil girl got {bad asthma}
{Felix} has swim practice with the {Dolphins} on Mondays, nobody home till six. He's our son.
Our granddaughter lives with us, born {2/14/2018}, and the window lock is a must.
I'm the nanny for {Beckett} ({20 months}) so I can let you in while he naps.
We're fostering a {9-year-old} boy starting June, the bedroom needs a smoke alarm.
My daughter {Paloma} made {varsity soccer} at {Ridgefield High} so weekday afternoons are out.
The {2-year-old} put a crayon in the outlet and the {5-year-old} laughed.
She turned {sixteen} last week and wants her own thermostat, my daughter that is.
Both of my grandkids ({Callum}, {6} and {Isla}, {9}) are visiting, so the cots need to be safe.
My boy's {Cub Scout} den meets in the basement on Thursdays.
Please use the side door, my son has {sensory issues} and strangers scare him.
{Emeka} starts {middle school} in the fall and my daughter {high school}.
Son: {Hal Whitcombe}, DOB {11/30/2012}, {Grade 7}, {Oakdale Middle School}.
we got custody of my sister's kids last week, {Tyree} {4} and {Nia} {6}, need two more beds
The baby's due on {March 9} and the nursery has no heat yet.
He just got his learner's permit, my {16 yo}, so mind the driveway.
My stepdaughter {Linnea} is at {Camp Timberlake} until August 2.
{Yusuf} sees his {pediatric neurologist} Tuesday so come Wednesday instead. He's only {eight}.
Our {preemie} came home from the NICU, she is on {oxygen} and the power must not go out.
Mi hija menor, {Camila}, cumple {6 años} el {8 de junio} y quiere una lámpara nueva.
Los niños salen de la {escuela Morelos} a las dos, yo paso por ellos.
Mi sobrino {Emiliano} tiene {13} y juega con los {Halcones}.
Nuestro bebé de {5 meses} es {prematuro} y necesita calor.
Vivo con mis nietos de {4} y {10 años}.
Mi niña está enferma de {varicela}, mejor vengan el lunes.
Mon fils {Aurélien} entre en {sixième} au {collège Victor Hugo}.
Ma nièce de {14 ans} garde la maison, elle s'appelle {Lilou}.
Les jumelles fêtent leurs {5 ans} samedi, donc pas de travaux.
Mon bébé {Noam} est né le {2 février 2026}, il dort beaucoup.
Notre fille est {asthmatique}, évitez la poussière.
Mein Enkel {Emil} ist {drei} und fasst alles an.
Unsere Jüngste kommt im Sommer in die {Grundschule am Park}.
Die Zwillinge sind {18 Monate} alt, bitte leise sein.
Meine Tochter {Frieda} hat {Asthma}, bitte nicht schleifen.
Mein Neffe {Jannis} spielt in der {C-Jugend} beim {SV Altdorf}.
Unser Sohn wird am {12. Mai} {zehn}, da wollen wir grillen.
"""

THINGS_BESIDE_CHILDREN = """\
We have two kids at home, so please fix the 5-year-old boiler soon.
My son says the water heater is 12 years old and the tank is 40 gallons.
My daughter will be home when your crew of 6 arrives at 9.
Lincoln Elementary School is our customer; send the invoice to the district office.
We quoted the roof of Maple Grove Elementary at $48,000.
Deliver the boilers to Roosevelt High School, loading dock B.
Our kids' bathroom needs 3 valves and 2 faucets, part 12-334.
The baby gate was ordered on March 3, 2024 and paid.
The job for the Montessori school on Oak Street is 2 days behind.
Your company was born in 2010, congratulations from our team.
The children's museum needs 4 units, each is 8 feet wide.
Grade 8 bolts and a grade 5 washer, please; my son picks them up.
My son will pick up the parts at 4 on Friday, order 1123.
The kids' pool pump is 6 years old and loud.
Our daughter company in Ohio turned 15 last year.
Please come on 5/12/2026, the kids are away.
The tree is 14 and leans over the kids' swing.
I have 3 kids and 2 bathrooms.
We bought the house in 2015, when our son was small.
The system was installed 4/5/2018 and our toddler broke the knob.
The technician is 20 minutes out, the baby is asleep.
Our children love the deck you built in 2021.
The stove was made in 2019 and the kids use it daily.
Mi hijo dice que la caldera tiene 8 años.
La bomba tiene 5 años y los niños tienen frío.
Notre chaudière a 12 ans et les enfants ont froid.
Die Heizung ist 15 Jahre alt und die Kinder frieren.
Unser Dach ist 9 Jahre alt, mein Sohn hat es fotografiert.
The tenant's dog is 4 and barks at kids.
The warranty is 10 years, my daughter found the paper.
Kids' room: 2 outlets, 1 switch, 12 ft of cable.
The school district wants 6 quotes for Lincoln Middle School.
The invoice is 30 days late, my son forgot it.
My son, who is an electrician, says the panel is 7 years old.
We run a daycare and the 8-year-old AC failed.
Our crew at Jefferson High finished the gym, two weeks early.
Our sign for the Rockets Diner is 5 years old.
The club house of the Hudson Yacht Club needs 12 windows.
Apartment 12 has a child, apartment 9 does not.
My son is the electrician on this job and says the breaker is 11.
The two-year-old compressor at our shop failed, the kids' party is Saturday.
Our daughter picked the tile, size 8 by 12, box of 6.
Please ship 12 desks to Oakdale Middle School, attn: purchasing.
The pool heater is 9, the liner is 4, and the kids want to swim.
The daycare needs 3 outlets by June 5, 2026.
We've been customers since 2012, when our twins were born, thanks.
Kids broke the gate, it is 6 ft by 4 ft and 15 years old.
My daughter will pay invoice 1182, due 6/5/2026.
The school bus garage needs a 10-year-old lift replaced.
Our grandson's room has 2 windows, 36 by 48, and a radiator from 1998.
Could you come at 9 or at 11? The baby sleeps at noon.
The playground at Hillcrest Elementary is your site, gate 4.
The mower is 7 and he runs it weekly for the kids' field.
Mi hijo paga la factura 12 y el techo tiene 15 años.
Meine Tochter sagt, die Pumpe ist 6 und das Ventil 3 Jahre alt.
Ma fille dit que le chauffe-eau a 9 ans et fuit.
We coach the crew on Class 5 hazards, my son runs it.
The Falcons Inn needs six units, my daughter books it.
Our children's boutique turned 10 and needs new lights.
"""
