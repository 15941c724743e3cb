"""English sentences about children, all invented; what stands in braces must go.

The mail is of 4 May 2026 and comes from New York.
"""

from __future__ import annotations

AGES = """
My son {Tim} is {9}, please knock softly.
{Tim} ({7}) will be at home with the sitter.
Our daughter {Zoe}, age {12}, will open the door.
Our {5-year-old} {Leo} sleeps until noon.
My {twelve-year-old} daughter {Ines} has a key.
{Nora} turns {16} on Friday.
{Nora} just turned {four} and climbs on everything.
She is only {8 years old} and afraid of drills.
Our baby, {Mila}, is {10 months} old.
We have an {18-month-old} and cannot be without heat.
My {3 yr old} put a toy down the toilet.
My {6yo} flushed a sock.
The toilet was blocked by our {four year old}, {Otto}.
{Jasper}, {14}, will let you in because I am at work.
{Ellie} (age {10}) and {Finn} (age {6}) share the back room.
Both girls, ages {9} and {11}, are home after three.
We have three kids (ages {2}, {5} and {9}).
The kids are {4} and {7} so please lock the basement.
The twins turn {six} on Saturday.
It is for a boy of {13} who uses the ramp.
My daughter {Ruby} will be {15} in June.
{Wes} is almost {seventeen} and drives us mad.
He's {9} and she's {6}, they nap after lunch.
There is a {2-week-old} newborn in the house.
My little one is {20 months} and crawls everywhere.
Our youngest, {Pip}, is {3 1/2}.
Our oldest, {Maddox}, is {11}.
My granddaughter {Wren} ({5}) lives with us now.
Only my {16 y/o} will be there at four.
{Ana} and {Ben} are {6} and {3}.
A {13-year-old} girl lives in the unit below.
{Theo} is a {nine year old} and scared of strangers.
{Cleo}'s {7th birthday} is on the 12th.
We are celebrating {Hugo}'s {first birthday} on Sunday.
I am {15 years old} and my parents are away.
im {16} and the shower wont stop
I just turned {17} and rent with my sister.
Our kids {Ana} and {Eva}, ages {5} and {7}, nap then.
The kids, {Ana} ({7}) and {Ben} ({9}), are home from three.
She turned {two} last week.
Please mind {Otis}; he is just {two and a half}.
Tenant has a minor child aged {12}.
{MILO} IS {8} AND HOME ALONE UNTIL FIVE.
my daughter {kayla}, {13}, is home
{Kayla} is {thirteen} going on thirty.
My boys, {Sam} {8} and {Gus} {10}, broke it.
The {eight-year-old}, {Bea}, saw it happen.
We have a toddler ({2}) who opens every tap.
My nephew {Cal} is staying with us, he is {11}.
Our foster son {Dre} is {10 years of age}.
Minor occupant: {Isla Grant}, {6 yrs}
{Tessa} (b. {2017}) has the room over the boiler.
"""

BIRTHS = """
{Emma Brooks}, DOB {03/14/2015}, needs a ramp.
My son {Eli} was born on {June 3, 2019}.
Date of birth of the minor: {2012-09-30}
Child: {Hana Sato}, born {14 Feb 2018}
{Owen} was born in {2016}.
Our daughter {Lily} was born {last month}.
We are expecting a baby in July and little {Rose} was born in {March}.
Her birthday is {05/05/2008}, so she is not yet eighteen.
Dependant: {Marcus Lee} DOB: {11.02.2014}
{Ada}'s date of birth is {8/19/13}.
My daughter, d.o.b. {21 August 2010}, is on the lease.
"""

KIN = """
{Oliver}, our son, will let you in.
My daughter's name is {Priya} and she is {6}.
Child's name: {Noah Lopez}
My son {Jude} will be playing in the yard.
Please do not wake our baby {Nell}.
We named our newborn {August}.
My little girl {Poppy} loves your truck.
{Harper} and {Quinn}, our twins, are loud.
My stepson {Arlo} has the room next to the boiler.
My grandson {Beau} is with us this week.
The kids ({Mona} and {Levi}) will be in the garden.
Our kids {Nico}, {Bella} and {Jo} are in the bath at six.
My two boys, {Ezra} and {Abel}, clogged it again.
Our little boy is called {Rufus}.
Our toddler {Ivy} locked herself in the bathroom.
My wife and our son {Kit} will be in.
{Tommy}'s bedroom is the nursery next to the kitchen.
It is the pipe under the crib in {Juno}'s nursery.
{Ollie}'s crib stands right under the leak.
I need to feed baby {Enzo} at ten.
My niece {Tallulah} will be there after school.
Our au pair will be there with {Agnes} and {Clem}, our children.
His kid {Dario} got locked in.
Hi, this is {Bruno}, Maria's son, my mom is at work.
Our foster daughter {Shay} moves in on Monday.
We adopted {Wyatt} last year and his room needs heat.
I am bringing my son {Ravi} along, hope that is fine.
my kid {jaden} broke the handle
my son {leo}'s room has no heat
"""

GUARDIANS = """
I am the legal guardian of {Isaac Romero}.
I have custody of {Nadia} every other week.
My ex has {Callum} on weekends.
The custody order names {Felix Hart} and {Anya Hart}.
Permission slip for {Dylan Shaw} attached.
Parent/guardian of: {Keisha Brown}
I, the parent of {Sven Dahl}, consent to the visit.
I am picking up {Lola} from daycare at five.
I have to pick {Lola} up from school at three.
{Marty} gets off the school bus at 3:10.
My sitter has {Rae} until six.
The babysitter is with {Gia} and {Luca} until noon.
Emergency contact for {Zane} is his grandmother.
Child support for {Amir} is paid monthly.
{Odette} is at a playdate next door.
Camper name: {Sofia Reyes}
Student: {Dmitri Volkov}, grade {7}
Player: {Andre Silva}, {U12}
"""

SCHOOLS = """
{Emma} is in {third grade} and home early.
My son goes to {Lincoln Elementary School}.
Pick up {Lucas} from kindergarten before you come.
My daughter is a {sophomore} at {Ridgefield High}.
{Aiden} starts {kindergarten} in fall.
{Aiden} is a {5th grader} at {St. Brendan School}.
The kids go to {Maple Hill Montessori}.
Our son is in {Year 4} at {Oakfield Primary}.
{Freddie} is in {Reception}.
{Jess} is sitting her {GCSEs} this month.
My daughter {Amy} is in {Grade 6} at {Glen Ames}.
{Ethan} attends {Horace Mann Middle School}.
She is a {first-grader} and walks home alone.
He is in the {8th grade} and home by three.
We drop her at {Little Acorns Nursery} at eight.
{Mateo}'s teacher at {PS 118} sent a note.
{Mateo}'s homeroom is {5B}.
{Chloe} is a {junior} in {high school}.
{Ian} made the honor roll at {Wilson Junior High}.
Parent conference for {Cody} is at {Bay Street Academy} at four.
My {kindergartner} has the flu.
My {second grader} is home sick.
Our middle child is in {sixth form}.
{Thea} is in {pre-K} in the mornings.
Our daughter {Jill} is in {10th} grade.
The school called, {Ramon} has a fever.
{Ryder} has detention until four.
{Skye}'s report card came.
"""

SPORT = """
{Luke} has soccer practice with the {Hudson Hawks} at five.
My son plays for the {Cold Spring Comets}.
My daughter's {U12} team has a game on Saturday.
{Finn} plays Little League for the {Beacon Bees}.
{Max} has Cub Scouts with {Pack 114} on Tuesday.
{Ava} is in {Girl Scout Troop 2208}.
{Tara} has a recital on Saturday.
{Rosie} swims for the {Dolphins} and we are out until six.
{Elliot} is at {Camp Tamarack} until the tenth.
Our daughter {Lea} is off to summer camp.
{Bodhi} made the {under-14} squad.
I coach my son's team, the {Tigers U10}.
{Niko} has a hockey tournament with the {Peewee Rangers}.
"""

HEALTH = """
My son {Tim} has {asthma} and needs the heat.
Our daughter {Zoe} is {allergic to peanuts}.
{Gus}, our youngest, {has autism} and is upset by noise.
I am taking {Nina} to the pediatrician at ten.
{Nina} sees {Dr. Feld}, her pediatrician, at ten.
My {6-year-old} has {a broken arm}.
Our baby {Mae} has {croup}.
My daughter {Elsie} is {diabetic}.
{Jonah}'s {ADHD} meds are in the fridge.
{Sadie} is getting her vaccinations at the children's hospital.
My son has {a fever of 103}.
My little girl has {strep throat} so wear a mask.
{Cade} is due for his immunizations.
Our son {Paul} uses {a wheelchair}.
My son {Ari} sees {a speech therapist} at two.
{Bea} got {braces} today.
The kids have {chicken pox}.
"""

MILESTONES = """
We have {Asher}'s bar mitzvah on the 16th.
{Daniela}'s quinceañera is on Saturday.
{Ciara} has her First Communion on Sunday.
It is {Leona}'s christening on the ninth.
{Hal} lost his first tooth.
{Willa} is being baptized on Sunday.
We are throwing {Kira}'s sweet sixteen on Friday.
{Beth} is potty training so the toilet matters.
{Cruz} just got his learner's permit.
{Shira}'s bat mitzvah is the reason for the rush.
"""

TEENS = """
{Tyler} mows for us after school, he is {16}.
Our summer helper {Kendra} is a {high school student}.
{Devin} needs working papers because he is {15}.
The paper boy, {Jamal}, is {13}.
Our babysitter {Hailey} is {14}.
"""

MIXED = """
Please do not ring, our {6 week old} is finally asleep.
Occupants: John Park (adult), {Ellie Park} ({3}), {Noah Park} ({8 months})
Kids: {Maya} - {9}, {Eli} - {6}
Our daughter's school, {Maple Grove Elementary}, is closed that day.
My son's birthday is {June 14}, he will be {8}.
{Aria} just got diagnosed with {celiac disease}, she's {7}.
I have the boys ({5} and {8}) with me.
The tenant has two daughters, {Bianca} and {Carmen}, both under 10.
My {8th grader} broke the faucet handle.
Wife and {Lucia}, {20 months}, will be napping upstairs.
We foster. {Dante} came to us last week and has {night terrors}.
Please leave the key with my {16-year-old}, {Harrison}.
{Kendall} swims with the {Lakeside Otters}, so we are out until 7.
My son {Ollie} plays {U10} soccer for {Hillcrest FC}.
{Reese} has {Brownies} on Thursday.
I am {Poppy}'s mum and she needs a stair gate.
We homeschool, {Ezekiel} ({13}) and {Tabitha} ({11}) are here all day.
{Wyatt} was born {March 3} at 7 lbs 2 oz.
I'm picking {Kiera} up from {St. Luke's Primary} at 3.
{Freya} is in {Year 2} and {Isaac} has just started {Reception}.
Our {two-year-old} got her head stuck in the railing.
{Amara}, who is {10}, has {cystic fibrosis}.
Parent: Linda Cho. Child: {Kevin Cho}. Grade: {4}. Teacher: Ms. Bell.
The lease lists {Ava Reid} (minor, {11}) and me.
{Brayden}'s {Eagle Scout} project needs 40 feet of PVC.
We do shared custody so {Hazel} is here {every other week}.
My son's therapist says the noise is bad for his {sensory issues}.
{Finley} has a playdate with {Remy} at 2.
Our exchange student is {17}.
Please keep the gate shut, {Teddy} is {two} and runs.
He'll turn {18} in August, for now I sign for my son {Grant}.
{Zara} ({4 1/2}) needs the potty working!!
our lil man {kingston} turns {1} saturday
My daughter, who's {9}, is scared of the plumber :)
My two teenagers, {Blake} and {Devon}, use all the hot water.
{Nico}'s kindergarten teacher, Mrs. Hall, wants a quote too.
{Marisol}'s quince is June 6.
The preemie twins, {Jack} and {Jill}, come home Friday.
{Omar} goes to {Al-Noor Academy}.
My boyfriend's daughter {Kelsey} ({10}) stays on weekends.
"""

ENGLISH = "".join(
    (AGES, BIRTHS, KIN, GUARDIANS, SCHOOLS, SPORT, HEALTH, MILESTONES, TEENS, MIXED)
).strip()
