"""Words that look like names and are none, and names that are also words."""

from __future__ import annotations

_NOT_NAMES_LIST = """
    a abend able about account accounts act action additional address admin administration
    after afternoon again agenda agreement all also am america american amount an and any
    anyone apartments apologies apparently appointment approved april are area as asap ask
    assistant at atentamente attached attachment attachments attention attn aug august
    available ave avenue away back ballpark bank bcc be because been before below best
    bestellung bidding big billing bitte board boiler bom bonjour book both box bring
    budget buenas buenos building buongiorno business but by bye call calls can cancel
    care case cc cell center chairman chamber change charge cheers cher chere ciao city
    client co comments committee company conference confirmed congrats congratulations
    contact contract cordialement cordially corp could counsel county credit customer
    daily damen dank das date day days deal dear dec december department deposit der desk
    detail details dezember dia dias did die dienstag dimanche director discussion do does
    domingo done donnerstag down draft drive dual due each east ein eine either email
    emails emergency employee employees energy enjoy estimada estimado estimate etc
    evening every everyone ext faithfully fax feb februar february federal feel few fields
    file final fine first floor folks follow for forward forwarded frau free freitag
    freundlichen friday friend friends from full fur furnace further fw fwd fyi geehrte
    geehrten geehrter general gentlemen get give global go good goodbye got gracias grazie
    great greetings group gruss grusse grussen guten guys had happy hardware has have he
    head heat heater heating heizung hello help her here herr herren hers hey hi his hola
    home hope hot house how however i ich if ihnen ihr ihre ihrem ihrer im important in
    inc india information inquiry install installation internet invoice invoices is issue
    issues it item items its jan januar january jeudi job join jueves juli july june juni
    just keep kind kindly kitchen know konnen ladies last late later lease legal let liebe
    lieber line list live ll llc location look looking love ltd lundi lunes madame mai
    mail make manager manufacturing many march mardi market marketing martes marz may
    maybe me meeting memo merci mercredi merry message miercoles mit mittwoch mobile mon
    monday monsieur montag monteur month more morgen morning most mr mrs ms much my name
    need new next nicht night no none noon north not note nothing notice notre nous nov
    november now number ny o'clock obrigada obrigado oct october of off offer office ok
    okay oktober ola on once one online only open or order original other our out over
    owner page paid part parts pay payment payments pdf per perhaps permit permits person
    personal phone photos pictures please plumber plumbing pm po policy possible power
    president price pricing private problem product products program project proposal ps
    quero questions quick quotation quote quotes re reading ready really received rechnung
    redundant reference regarding regards region regulatory reminder repair reply report
    reports request requested required respectfully response right room sabado said sales
    saludos salve samedi samstag sat saturday say schedule scheduled see sehr send sender
    senior senor senora sent sept september service services she should sie signed
    sincerely sir site so some someone something sonntag soon sorry south staff state
    statement states status still street subject summary sun sunday supply support sure
    system tag talk tardes team tel telephone termin thank thanks that the their them then
    there these they thing things this those thu thur thurs thursday thx to today together
    tomorrow tonight too total town transcript tue tues tuesday tx uhr und under
    unfortunately unit update updated upon urgent us use user vendredi vice viele vielen
    viernes visit votre vous vp wait warm was water we web website wed wednesday week
    weekend weekly welcome well wenn were west what when where which while who why will
    wir wish wishes with wonderful work would write yeah year years yes yesterday yet you
    your yours zip
"""
# Words that open sentences and forms.
_OPENING_WORDS = """
    telefon telefono telefone fon handy mobil movil tel cell fax
    applicant applicants apprentice background bldg bumper buyer claim claims clay cypress
    ella english foreman french german hiya hoa iban italian landlord lead locksmith madam
    mastercard mulch mum patient pedido producer receivable refusing reklamation resident
    residents seller sharpen sirs spanish subject ta tenant tenants time unpair visa
"""
# The things that trades mend: at the head of a sentence a model takes them for people.
_TRADE_WORDS = """
    basin bib bibb bolt breaker bulb cabinet cartridge caulk chimney circuit cistern clog
    condenser compressor coupling dishwasher disposal drain drainage drip dryer duct elbow
    escape faucet fence filter fitting fixture flange flapper flood flue fuse garage gasket
    gate gauge geyser grease grill gutter hinge hose hydrant leak leaking lock lockset manifold
    nipple nozzle outlet oven panel pilot pipe pipes piping plunger pressure pump radiator
    regulator reservoir roof septic sewer shower shutoff sink siphon socket spigot sprinkler
    stopcock stove strainer stud sump switch tank tap tee thermostat tile toilet trap trench
    tub tubing urinal valve vent washer well wiring
"""
NOT_NAMES = frozenset((_NOT_NAMES_LIST + _OPENING_WORDS + _TRADE_WORDS).split())
"""Never a name by themselves, however they are written. All folded."""

_ALSO_WORDS_LIST = """
    abbey ace ada alba amber angel ann april art ash august autumn bailey baker banks
    barber basil bay bell berry best bill bills bishop black blair blake bloom blue booth
    bourne bowl bowman branch brand brandy bridge brook brooks brown buck buddy bull bundy
    burns bush butcher butler candy cane carol carpenter case casey cash chance chandler
    chase cherry chip christian chuck church clay cliff close cloud coal cole colt cook
    cooper copper cotton court cox craft crane crew crisp crook cross crow crystal curry
    daily daisy dale dash dawn day dean dell dew dick dill dirk dolly don dot dove drake
    drew duke dusty earl early east eden ember english eve faith fall farmer fay fern
    field fields finch finn fish fisher flint flood flora flower flowers ford forest
    foster fountain fox frank franks freeman french frost gage gale game garden gardener
    gardner gates gem gene german gill ginger glass glen gold golden good goodman grace
    grand grant graves gray green greene grey grill grove guy hale hall hand handy hardy
    harmony harp hart hay hazel head heath heather heaven herb hill hills holiday holland
    holly home honey hood hook hope horn house howe hunt hunter hurt hyde ice iris irons
    ivory ivy jack jade jay jean jet jewel joy june kay keen key king kit knight knox lace
    lake lamb lamp lance land lane lark law lawn lawyer lee levy lily little lock london
    long lord love low lucky lynch mack maiden major mann maple marble march mark marks
    marsh marshal marshall martini mason masters max may melody mercy merit merry mile
    miles mill miller mills mint misty mode monk moody moon moss mount muse myrtle nail
    nash needle nick noble norm north nova oak oakes olive page paige paint pan paris park
    parks parsons pat patience patty paw peace peak pearl penny pepper perch perry pierce
    pike piper pitt poe pole pool pope poppy porter post potter pound power powers price
    pride prince prior quick rain ramp randy ranger raven ray read reader red reed reef
    rex rice rich ridge ring rip rivers rob robin rock rod roman romano rook rose rosemary
    rowan ruby rush rust rusty rye sage salmon salt sandy savage sawyer scarlet scout seal
    seller sharp shepherd shields shore short silver singer skip sky sloan small smart
    snow sol song spark sparks speed spence spring st star stark steel stein sterling
    stern stew stone stones storm story strange street strong stuff sue sugar summer
    summers sunny sunshine swan sweet swift tab tad tanner tate temple terra thorn tiger
    tip tool town trace travel tree trip troy true tucker turner tweed vale van victor
    vine violet von wade walker wall walls ward ware warner washington water waters watt
    watts way weaver weeks well wells west wheeler white wild wilder will willow wills win
    wind winter winters wise wolf wood woods woody words work worth wren wynn yard york
    young zephyr
"""
ALSO_WORDS = frozenset(_ALSO_WORDS_LIST.split())
"""Names that are also words: alone, they count only where something else says so."""

_COMPANY_LIST = """
    & agency air appliance appliances associates association authority auto automotive
    bakery bank bar bros brothers builders cafe capital cars catering center centre church
    city cleaning clinic club co college committee company construction consulting
    contracting contractors cooling corp corporation council county credit dealership
    dental department design development distribution distributors drain drains electric
    electrical electronics energy engineering enterprises equipment estates express fire
    flooring foundation fund furniture garage gas gmbh group hardware heat heating
    holdings home homes hospital hotel hvac inc industries inn inspections institute
    insurance international interiors kitchens lab labs landscaping law library llc llp
    locksmith lp ltd lumber management market marketing marine markets media medical
    mechanical ministries motors movers museum network office oil painting partners
    partnership paving pharmacy pipe pizza plc plumbing power products products properties
    property realty removal rental rentals repair repairs restaurant restoration roofing
    rooter sales salon sarl school schools septic service services shop society software
    solar solutions sons store storage studio studios supplies supply systems tech
    technologies technology tile tire tools towing trading transport trucking trust union
    university utilities ventures water wholesale window windows works
"""
COMPANY_WORDS = frozenset(_COMPANY_LIST.split())
"""A capitalised name that runs into one of these is a firm."""

_ROLE_ADDRESSES_WORDS = """
    abuse accounting accounts admin administrator ap ar assistant billing bookings bounce
    careers contact customer customerservice dispatch donotreply enquiries feedback
    finance frontdesk hello help helpdesk hi hr info inquiries invoice invoices it jobs
    list mail mailer mailer-daemon maintenance manager marketing me media members news
    newsletter no noreply notification notifications notify office operations order orders
    owner payment payments payroll postmaster press privacy reception receipts remittance
    reply requests reservations root sales schedule scheduling security service services
    shop staff statements store subscriptions support team tech tickets undisclosed-
    recipients unsubscribe user web webmaster
"""
ROLE_ADDRESSES = frozenset(_ROLE_ADDRESSES_WORDS.split())
"""Local parts and header names that are no person's."""
