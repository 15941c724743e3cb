"""What makes a mail business: rows of words and phrases in English, Spanish, French, German.

Rows as in `flows.intake.personal_cues`. Names of firms, and words of one trade that others do
not use in a mail to a business, are left out.
"""

from __future__ import annotations

import re
from typing import Final

from flows.intake.personal_cues import CueRows

ASK: Final = "need|needs|want|looking|hire|book|order|reserve|find|recommend"

BUSINESS: Final[CueRows] = (
    (
        "request",
        "are you available|taking|able|insured|licensed, availability, do you have|offer|"
        "cater|service|deliver|repair|install|fix|do|sell|carry|take|accept|know|still|"
        "guys, can|could|would you|someone|somebody|we|u come|give|send|take|fix|check|"
        "look|tell|make|do|quote|get|replace|install|help|please|advise|confirm|let|"
        "schedule|move|pick|still, i'd|would like to order|book|schedule|buy|reserve|make|"
        f"cancel|return|get|have|know, looking for a|an|someone|somebody, {ASK} a|an|"
        "someone|somebody|your|new plumber|electrician|handyman|cleaner|painter|contractor|"
        "gardener|mechanic|lawyer|dentist|table|room|quote|estimate|price|appointment|"
        "caterer|photographer, booking, bookings, reservation, redo, redoing, caterer, "
        "catering, grooming, florist, disponible, pueden venir, podrian venir|pasar|"
        "mandar, puede venir|pasar, pouvez vous|-, pourriez vous, konnen sie, konnten sie, "
        "bitte um, ich brauche, wir brauchen, necesito, necesitamos, j'aurais besoin, nous "
        "aurions, what should we|i do, how soon|long|much, who can i, referred, "
        "recommended you|us, found you|your, your website|number|ad|card|company|team|crew|"
        "guys|work|services|service",
    ),
    (
        "asks for service",
        "can|could|would|may|might|should|shall we|i|he|she|they|it|my|our|u, can|could|"
        "would you, do|did|will|is|are you|your|it|there any, is that|it|this|the possible|"
        "free|ok|okay|available|open|ready, any chance|way, possible, when|what time|day|"
        "evening could|would|can|do|does|will|suits, would love|like to, we'd|i'd love|"
        "like, instead, squeeze us|me, fit us|me, what do you suggest|recommend|need|think|"
        "charge, no rush|hurry, what would, does that suit|work, suits you|us|me, do you "
        "take|make|work|come|have|do, are you free|open|closed|back, se puede, puede, "
        "pueden, podria, podrian, podeis, puedes cambiar|venir|cortarle|pasar, teneis, "
        "tienen, haceis, hacen, esta libre, buscamos, pouvez, pourriez, pourrait, peut on, "
        "on peut, peux tu, auriez, avez vous, est libre, etes vous libre, cherchons, "
        "konnen, konnten, kann, ginge, geht das|es, hatten sie, haben sie, passt, noch "
        "frei|was, ist frei, brauchen, suchen, mochten, wurde gern, querriamos, voudrions, "
        "voudrais, aimerions",
    ),
    (
        "thanks",
        "thanks, thank, grateful, appreciate, appreciated, saved our|my|the, gracias, "
        "merci, danke, dank, agradecidos, agradecida, remercie, thx",
    ),
    (
        "serves",
        "lesson, lessons, class, classes, course, patient, patients, groom, bouquet, "
        "wreath, haircut, color, massage, crown, checkup, cleaning, cleaner, rental, "
        "guests, people, persons, for six|four|eight|ten|twelve|sixty|forty, stay, room, "
        "rooms, table, suite, cabin free|in, gift card|cards|certificate, prints, canvas, "
        "alterations, hem, fitting, storage, moving day, tow, tune-up, pick it up, is "
        "ready, ready for you, come in|by, stop by, drop it off, spare, walk, sitter, "
        "oven, dishwasher, washer, dryer, fridge, hallway, upstairs, downstairs, ceiling, "
        "wall, walls, attic, porch, garage, yard, garden, windows, window, door, floor, "
        "kitchen, water, smell, gas, noise, neighbor, neighbors, photographer, tent, hall, "
        "castle, cake for, torte, tarta, gateau, layers, invited class, clase, clases, "
        "cours, stunde, klavierstunde, mesa, habitacion, chambre, zimmer, wohnung, "
        "ferienwohnung, fotografo, traiteur, zelt, techo, plafond, wasserfleck, chauffage, "
        "eau chaude, agua caliente, warmes wasser, bano, salle de bain, bad, schlussel, "
        "llave, cle, rampe, coiffure, friseur, peluqueria, atelier, obra, baustelle, "
        "chantier, chef, jefe, your place|inn|shop|salon|store|clinic, first visit, new "
        "patients, new number, sponsor, shirts, logo, signs, ad, flyer, photos are, "
        "pictures of the damage|leak|roof|wall|crack",
    ),
    (
        "regrets",
        "sorry i missed, missed you|your|our, won't be in|able|there, can't make|come|be "
        "in, stuck at|in, running late, sick today, is sick|ill, has a fever, tomorrow "
        "same time, same time, another day|time, next week instead, wednesday|thursday|"
        "friday|monday|tuesday instead, hate to complain, no puedo ir, malade, krank, "
        "enfermo, desolee, desole, leider, perdona",
    ),
    (
        "staff",
        "boss, cover my|for, take my jobs|shift, my jobs, jobs, crew, the guys, van keys, "
        "truck, break room, day|days|week off, time off, summer job, come in early|late, "
        "all of us here, whole team, the team, from all of us, to you and your, your "
        "family|families from, we are closed|open, open house, back to work, our guys, "
        "chamber, association, golf outing",
    ),
    (
        "arrangement",
        "missed your call, call me|us back, returning your call, works for me|us, is fine|"
        "good|ok, works fine|great|best, will work|do, see you then|at|tuesday|monday|"
        "wednesday|thursday, thanks|thank for coming|your|the|you, thank you, the work you "
        "did, great|good|nice|beautiful job|work, five star, star review, review on, let "
        "you in, will let, flower pot, under the mat, lockbox, gate code, key is|under, be "
        "home|there, nobody will be|home, someone will be, window between, on my|the way, "
        "running late for, running behind, confirmed, confirm, confirming, cancel, "
        "postpone, push back, rearrange, move it to, verschieben, absagen, bestatigen, "
        "passt|passe uns|mir|nous, aplazar, cambiar la cita, reporter, deplacer, annuler, "
        "works, between and, after 3|4|5|noon, morning works|is",
    ),
    (
        "payment",
        "payment, payments, paid, pay, paying, pays, refund, deposit, wire transfer, bank "
        "details, check is|for|no|number|in, pago, pagar, pague, transferencia, paiement, "
        "virement, payer, zahlung, uberweisung, uberwiesen, bezahlt, bezahlen, credit|gift "
        "card, cash, installments, mail you a check, cost, costs, cheaper, price, prices, "
        "priced, expensive, discount, worth it, fee, fees, charge, charged, charges, "
        "preis, kosten, kostet, precio, prix, tarif",
    ),
    (
        "invoice",
        "invoice, invoices, invoiced, factura, facturas, facture, factures, rechnung, "
        "rechnungen, remittance, receipt, receipts, billing, bill for|us|me, your bill, "
        "the bill, accounts payable|receivable, purchase order|orders, amount|past|balance "
        "due, overdue, payable, overcharged, quittung, recibo, recu, statement, net 30, "
        "vat, iva, tva, mwst",
    ),
    (
        "quote",
        "quote, quotes, quoted, quotation, estimate, estimates, estimated, bid, bids, "
        "ballpark, pricing, price list, how much, presupuesto, cotizacion, cuanto, devis, "
        "combien, angebot, kostenvoranschlag, was kostet, rough idea, per hour, hourly",
    ),
    (
        "repair",
        "repair, repairs, repaired, repairing, leak, leaks, leaking, leaked, leaky, "
        "dripping, drip, burst, plumber, plumbers, plumbing, electrician, contractor, "
        "contractors, technician, technicians, tech, install, installed, installing, "
        "installation, installer, replace, replaced, replacement, boiler, furnace, heater, "
        "heating, radiator, radiators, thermostat, faucet, faucets, toilet, toilets, sink, "
        "shower, drain, drains, clogged, pipe, pipes, sump, pump, hvac, ac, conditioner, "
        "conditioning, wiring, breaker, outlet, roof, roofer, shingles, gutter, gutters, "
        "warranty, maintenance, inspection, inspector, spigot, hose, frozen pipe|pipes, "
        "freeze, leaked, flicker, flickering, tripped, squeaks, dial, renovate, "
        "renovation, remodel, remodeling, bathroom, hot water, no water|heat|power, fix, "
        "fixed, fixing, broken, broke down, not working, out of order, valve, filter, "
        "compressor, flooding, mold, painting, painter, drywall, tile, tiles, flooring, "
        "fence, driveway, garage door, locksmith, lock, locks, landscaping, lawn, "
        "sprinkler, mow, mower, stump, septic, chimney, brakes, tires, engine, "
        "transmission fluid, tow, reparar, reparacion, fuga, gotea, fontanero, plomero, "
        "electricista, caldera, calentador, tuberia, tuberias, instalar, grifo, fuite, "
        "reparer, reparation, plombier, chaudiere, chauffe-eau, robinet, installer, "
        "reparatur, reparieren, undicht, tropft, heizung, klempner, installateur, "
        "wasserhahn, rohr, rohre, einbauen, montage, handwerker, equipment, parts, "
        "materials, estimate",
    ),
    (
        "visit",
        "appointment, appointments, schedule, scheduled, scheduling, reschedule, "
        "rescheduled, dispatch, service call, site visit, your technician|crew|team|men|"
        "people|office|staff, send someone|somebody|a, time slot, arrival window, cita, "
        "rendez-vous, rdv, termin, termine, intervention, come by|out, take a look, stop "
        "by to, work order|orders, job site, jobsite, the job, walk-through, walkthrough, "
        "consultation, pick-up, drop off the car",
    ),
    (
        "order",
        "order, orders, ordered, shipment, shipped, shipping, ships, deliver, delivers, "
        "delivery, deliveries, delivered, tracking, back-order, backordered, in stock, out "
        "of stock, pedido, pedidos, envio, commande, livraison, bestellung, bestellt, "
        "lieferung, account number, case number, ticket number, reference number, customer "
        "service|number, catalog, samples, warehouse, wholesale, supplier, suppliers, "
        "supply, vendor, vendors, part number, model number, serial number, sku, qty, "
        "quantity, pallet, truck, van, driver",
    ),
    (
        "contract",
        "contract, contracts, agreement, agreements, proposal, proposals, terms, signed, "
        "sign, signature, lease, tenant, tenants, landlord, property manager|management, "
        "permit, permits, license, licence, licensed, insurance, insured, policy, "
        "liability, attorney, attorneys, counsel, legal, lawsuit, litigation, compliance, "
        "audit, tax, taxes, w-9, irs, contrato, contrat, vertrag, mieter, vermieter, "
        "versicherung, steuer, seguro, assurance, claim, adjuster, rent, deposit, "
        "apartment, flat, unit, building, miete, loyer, alquiler, inquilino, inquilinos, "
        "locataire, proprietaire, landlady, hoa, condo board, city hall",
    ),
    (
        "company",
        "inc, llc, ltd, gmbh, corp, corporation, sarl, plc, company, companies, firm, vice "
        "president, director, ceo, cfo, president, manager, managing, supervisor, "
        "department, dept, headquarters, subsidiary, fax, ext, executive, executives, "
        "chairman, industry, partner, partners, owner, co, sons, bros, empresa, firma, "
        "entreprise, societe, unternehmen",
    ),
    (
        "work",
        "client, clients, customer, customers, project, projects, budget, deadline, "
        "meeting, meetings, agenda, minutes, conference, presentation, presentations, "
        "slides, report, reports, draft, memo, spreadsheet, review, reviewed, analysis, "
        "market, markets, sales, marketing, business, strategy, regulatory, deal, deals, "
        "employees, employment, payroll, staff, staffing, hr, human resources, resume, "
        "candidates, candidate, interview, salary, hire, hired, hiring, training, shift, "
        "shifts, overtime, boss, coworker, coworkers, colleagues, colleague, office, at "
        "work, issue, issues, approval, approve, policy, kunde, kunden, projekt, "
        "besprechung, arbeit, buro, cliente, proyecto, reunion con, oficina, trabajo, "
        "trabajos, projet, bureau, travail, travaux, mitarbeiter, plan, plans for, team, "
        "update, status, discuss, discussed, discussion, comments, information, document",
    ),
    (
        "offices",
        "call, calls, conference call, process, group, groups, organization, proposal, "
        "position, request, requests, requested, response, respond, support, provide, "
        "provided, require, required, requirements, decision, decisions, recommend, "
        "recommendation, implement, develop, development, opportunity, opportunities, "
        "services, resources, resource, testimony, filing, filed, comment, edits, revised, "
        "revision, version, draft, language, forward, memo, notes, article, press, media, "
        "story, speech, question, questions, follow, contact, concern, concerns, "
        "potential, problem, problems, matter, regard, include, included, including, "
        "additional, current, currently, possible, further, forecast, forecasts, data, "
        "model, copies, copy, orders, subject, confidential, privileged, organization "
        "chart, visit, facility, production, operations, management, global, "
        "international, corporate, annual, quarter, monthly, effective, approach, goals, "
        "objectives, key, issue, address, thoughts, input, feedback, list, next steps, "
        "point, points, talking points, meet, met, speaker, speakers, participants, "
        "attendees, distribution, assignment, responsible, coordinate, finalize, submit, "
        "submitted, application, technical, technology, security, network, empresa, "
        "gestion, direccion, equipe, direction, leitung, abteilung, unterlagen",
    ),
    (
        "attached",
        "attached, attachment, enclosed, please find, adjunto, adjunta, adjuntamos, "
        "ci-joint, piece jointe, anbei, im anhang, as requested, per your|our, as per, "
        "please review|advise|confirm|sign|send|let|contact|forward|provide|call|be|note|"
        "see|find|respond|reply|bring, let us|me know if|when|what|how, any questions, "
        "regarding, pursuant, with respect to, follow up, following up, at your earliest, "
        "asap, kindly, for your review|records|approval|reference|information, fyi, bitte "
        "um, veuillez, merci de|pour votre, im voraus, in advance, por favor, gracias por, "
        "vielen dank fur, danke fur, merci d'avance, je vous remercie",
    ),
    (
        "formal",
        "sincerely, yours truly, best|kind|warm regards, regards, dear sir|madam|sirs|mr|"
        "mrs|ms|dr|team|customer|valued, to whom it may, sehr geehrte|geehrter, mit "
        "freundlichen grussen, freundliche grusse, estimado, estimada, estimados, "
        "atentamente, saludos, un saludo, madame, monsieur, cordialement, bien "
        "cordialement, salutations, buenos dias, buenas tardes, guten tag, guten morgen, "
        "bonjour, mr, mrs, ms, herr, ihre, ihren, ihnen, ihr, usted, ustedes, su equipo|"
        "empresa, vous, votre, vos",
    ),
    (
        "account",
        "subscription, password, membership, rental, unsubscribe, log in, login, sign in|"
        "up, username, verification code, click here, privacy policy, newsletter, web "
        "site, website, software, server, database, confirmation number|code, will ship, "
        "flight, itinerary, your|our account|order|reservation|booking|rental, "
        "subscribers, copyright, all rights reserved, view this, in your browser, special "
        "offer, sale, free shipping, shop now, coupon, promo, webinar, register, "
        "registration, mailing list, kernel, patch, bug, release, linux, url, download, "
        "version, app, system, data, users, user, code, files, file",
    ),
    (
        "public life",
        "government, governor, senator, senate, congress, legislature, legislation, "
        "legislative, commissioner, commissioners, commission, committee, board, bill, "
        "university, professor, research, seminar, association, foundation, editorial, "
        "newspaper, democrats, republicans, election, economy, investors, investment, "
        "stock, shares, options, bankers, credit, risk, portfolio, federal, court, judge, "
        "state of, public, policy makers, consumers, rates, rate, costs of, percent, "
        "million, billion, prices, utilities, assets, competition, markets",
    ),
)

TRADE_SENDERS: Final = re.compile(
    r"(?:info|office|sales|service|services|support|billing|accounts?|invoices?|orders?|contact|"
    r"admin|hr|jobs|dispatch|accounting|bookings?|reservations?|estimates?|quotes?|team|hello|"
    r"help|news|offers|no-?reply|do-?not-?reply|notifications?|alerts?|payments?|finance|"
    r"marketing|customer\w*|kontakt|buero|contacto|ventas|rechnung|facturacion|mail|shop|"
    r"reception|front-?desk|newsletter|editor|webmaster|events?|members?\w*)@"
)
"""Addresses of offices, not of persons."""
