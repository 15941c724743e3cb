"""Sentences that only sound like a child or an age, all invented; no word of them goes."""

from __future__ import annotations

THINGS = """
We have a 5-year-old boiler that leaks.
The boiler is 5 years old and still under warranty.
It is a 12 year old water heater.
The unit is 9 years old.
Water heater age: 12 years.
The furnace turned 15 this winter.
My furnace is 17 years old.
Our house is 16 years old.
Her truck is 8 and his is 12.
The roof, which is 11 years old, sags.
Our 14-year-old dishwasher died.
Equipment age 10 and up needs an inspection.
They have a three-year-old compressor on the shelf.
The building was born of a need for offices in 2015.
My 6 month old faucet drips.
He sold us a 9 year old pump.
A pump aged 12 or more is not worth the repair.
The well is 15 years of age.
She said the tank is about 7 years old.
He is 9 minutes away.
I am 15 minutes late.
We are 12 in the crew and need three vans.
I am 5 miles out.
I am at 12 Oak Street and he is at 14.
Our 10-year warranty has ended.
This is a 15 year loan at 6 percent.
We signed a 10-year contract.
The lease turns two in June.
It turned 6 by the time we finished.
He turned 3 valves before it stopped.
They turn 90 degrees at the corner.
The valve is 8 inches from the wall and 9 feet up.
We will be there in 10, then at 12.
Quote for apartment (2) and unit (7).
Please order Model Junior (8) and Model Senior (12).
Moen (3) and Kohler (5) are in stock.
The tees are 6 and 8 and the elbows are 4.
She is at 12 and he is at 3.
Between 9 and 11 works for me.
Wait until he is 10 feet away.
He was 5 cents short.
"""

WORDS = """
Handle the tiles with kid gloves.
There is a minor leak under the sink.
Send the junior plumber.
Only minor edits to the quote, thanks.
The child process of the server crashed.
A parent company and its daughter company share the account.
The sister company in Albany has the part.
Please foster good relations with the supplier.
Our parent account and the child accounts are billed as one.
The parent folder has a child folder for each job.
The mother board of the boiler is gone.
The daughter board needs a new relay.
Use the baby wipes on the grout.
It is a baby grand, so mind the legs.
We want the small one, the baby of the range.
It was child's play to fit.
No kidding, it leaks again.
I kid you not, the pipe burst twice.
The kids' menu needs a reprint.
The son of a gun valve stuck again.
Hudson and Sons will bring the pipe.
Miller & Sons Plumbing sent the quote.
The Brothers Plumbing van is outside.
The guardian valve is stuck.
Ballantine Guardian Insurance covers it.
The Guardian water softener needs salt.
The custody of the keys passes to the manager.
The chain of custody form for the water sample is attached.
Foster called about the invoice schedule.
The Foster job is on hold.
A twin bed frame blocks the vent.
The twin outlets in the hall are dead.
Install twin basins and a twin pump.
A triplet of valves sits behind the wall.
The junior suite has no hot water.
The minor works contract is signed.
We found minor damage in 3 of 12 units.
The pilot light is an infant technology.
Our business is in its infancy.
The project is our baby.
The scout camera shows roots.
We will scout the site on Monday.
The old boys network got the job.
Boys and girls restrooms both need new valves.
The girls in the office will send the invoice.
The Boys & Girls Club needs a new boiler.
Good job, guys, and the boys on the crew.
"""

SCHOOLS = """
Our plumber was in the class of 2019 at the trade school.
Use a grade 8 bolt on the flange.
We need grade 5 bolts and grade 8 nuts.
Below grade 2 the footing drains slowly.
The first grade of lumber is sold out.
It is a third grade material at best.
The drain must be at a 2 percent grade.
The nursery needs irrigation for 400 plants.
Hudson Valley Nursery sells trees and shrubs.
The tree nursery on Route 9 has a burst line.
The quote for the school district is attached.
Lincoln Elementary School needs a backflow test.
Bids for Beacon High School are due on Friday.
The school boiler must be inspected before term.
Work at St. Mary's School starts on Monday.
We serviced the kindergarten on Elm Street.
The daycare needs its grease trap pumped.
Invoice 4471 is for the preschool at 12 Main Street.
I went to business school before I bought this firm.
He teaches at a law school.
She is the facilities manager of the middle school.
Our year 4 maintenance visit is due.
In year 2 of the contract the price rises.
Year 1 of the warranty covers labor.
The second year of service is free.
A freshman mistake in the wiring caused it.
It is old school but it works.
Schools are closed on Monday, so traffic is light.
We teach a class on soldering for beginners.
Class 5 filters are in stock.
Form 7 must be filed with the county.
Stage 2 of the job starts in June.
Key stage payments are due at delivery.
The pump room at the high school is flooded.
The university dorm has 12 water heaters.
Please send the school's tax-exempt form.
The summer camp on Lake Road wants its water turned on.
Camp Tamarack needs its pipes drained by October.
"""

TEAMS = """
Our team plays no games with prices.
The U12 seal kit is on back order.
The U14 bracket does not fit.
Install a U-16 bend under the sink.
Part number U11 is out of stock.
The Tigers are on the TV in the lobby.
The pack of 12 washers is missing.
The troop of painters arrives at nine.
The league table of suppliers is attached.
The camp stove regulator leaks.
The coach house has no water.
The swim club pump needs a seal.
"""

HEALTH = """
The pipe has a fever pitch of noise.
The pediatric clinic needs a new sink.
The children's hospital wants three bids.
The children's museum has a leaking fountain.
Hand-foot valves are for the pediatric ward.
The well was immunized against rust, the salesman said.
"""

PEOPLE = """
He is the youngest partner of the firm.
Our oldest customer gets a discount.
Our youngest employee is new to soldering.
She is a junior buyer.
The kids are fine, thanks for asking.
Our children are grown and gone.
Our kids are home at three.
My boys will help you carry it.
My kids love the new shower.
Give my best to the kids.
The children will be at school then.
I will be with my son.
We have two small kids, so please close the gate.
My daughter will open the door.
The baby is asleep until ten, so please do not ring.
My son and I will carry the old tank out.
Happy birthday to the company!
We turn ten this year as a firm.
The firm is 12 years old.
Hudson Plumbing is 15 years old this year.
Our birthday sale ends on 05/05/2026.
No minors on the job site.
Keep out of reach of children.
Not suitable for children under 3.
Children under 12 enter free at the open house.
You must be 18 or over to sign.
Adults only: no one under 18 on the roof.
The boys at the shop say hello.
Kids eat free on Sundays.
The child lock on the stove is broken.
The child safety gate is loose.
We need a baby gate and a childproof lock.
A kid-sized sink would be great.
The kids bathroom has no hot water.
Please fix the tap in the children's bathroom.
The nursery is next to the kitchen and has a leak.
"""

ABROAD = """
La caldera tiene 8 años y gotea.
Nuestra empresa tiene 15 años.
La garantía es de 5 años.
El contrato es por 10 años.
La chaudière a 12 ans et fuit.
Notre entreprise a 15 ans.
La garantie est de 5 ans.
Le contrat dure 10 ans.
L'école a besoin d'une nouvelle pompe.
El colegio necesita una bomba nueva.
Die Heizung ist 12 Jahre alt.
Unsere Firma wird 10.
Die Garantie gilt 5 Jahre.
Die Schule braucht eine neue Pumpe.
Der Kindergarten hat kein warmes Wasser.
Ein Kinderspiel war das nicht.
Una fuga menor en la cocina.
Un problème mineur dans la cuisine.
Es una pieza de tercera categoría.
Die Pumpe ist erst 3 Jahre alt.
"""

MIXED = """
The boys will finish the trench by noon.
Kids Plumbing Supply sent the wrong tee.
Our youngest truck is 6 years old.
The senior living facility wants 24 faucets.
He is the son of the founder and runs the shop.
Call Junior at the warehouse.
Baby Bullet fan, model 9, is in stock.
Please see page 9 and 11 of the manual.
We start at 8 and they arrive at 9.
My two vans, 6 and 8, are in the shop.
The elementary stage of the job is done.
The Academy store on Main needs 2 urinals.
Our High Street shop is closed.
She is 5 foot 6 and cannot reach the valve.
Mark is on vacation until the 9th.
Tom is number 3 on the list.
Kohler, 14, and Moen, 12, are the part counts.
Delta is 15 percent cheaper.
We have a newborn business and need customers.
The pool is 9 feet deep and 15 years old.
The pump's birthday is today, ten years of service.
The house turned 100 this year.
Grand total is 18 and change.
Children's Hospital needs 40 mixing valves.
The playground drain by the swing set is clogged.
The permission slip for the dumpster came from the city.
The first communion hall at the church has no heat.
Camp Street is closed for work.
The scouts found a leak near the dam.
I coach new hires on soldering.
"""

TRAPS = "".join((THINGS, WORDS, SCHOOLS, TEAMS, HEALTH, PEOPLE, ABROAD, MIXED)).strip()
