"""Words that look like names and are none, and names that are also words."""

from __future__ import annotations

_NOT_NAMES_LIST = """
    a able about account accounts act action additional address admin administration after
    afternoon again agenda agreement all also am america american amount an and any anyone
    apologies apparently appointment approved april are area as asap ask assistant at
    attached attachment attachments attention attn aug august available ave avenue away
    back bank bcc be because been before below best big billing board boiler book both box
    bring budget building business but by bye call calls can cancel care case cc cell
    center chairman change charge cheers city client co comments committee company
    conference confirmed congrats congratulations contact contract cordially corp could
    counsel county credit customer daily date day days deal dear dec december department
    deposit desk detail details did director discussion do does done down draft drive dual
    due each east either email emails emergency employee employees energy enjoy estimate
    etc evening every everyone ext faithfully fax feb february federal feel few file final
    fine first floor folks follow for forward forwarded free friday friend friends from
    full furnace further fw fwd fyi general gentlemen get give global go good goodbye got
    great greetings group guys had happy hardware has have he head heat heater heating
    hello help her here hers hey hi his hola home hope house how however hot i if im
    important in inc india information inquiry install installation internet invoice
    invoices is issue issues it item items its jan january job join july june just keep
    kind kindly kitchen know ladies last late later legal let line list live ll llc
    location look looking love ltd mail make manager manufacturing many march market
    marketing may maybe me meeting memo merry message mobile mon monday month more morning
    most mr mrs ms much my name need new next night no none noon north not note nothing
    notice nov november now number ny o'clock oct october of off offer office ok okay on
    once one online only open or order original other our out over owner page paid part
    parts pay payment payments pdf per perhaps person personal phone photos pictures
    please plumber plumbing pm po policy possible power ps president price pricing private
    problem product products program project proposal quick quote quotes quotation re
    reading ready really received redundant reference regarding regards region regulatory
    reminder repair reply report reports request required requested respectfully response
    right room said sales sat saturday say schedule scheduled see send sender senior sent
    sept september service services she should signed sincerely sir site so some someone
    something soon sorry south staff state statement states status still street subject
    summary sun sunday supply support sure system talk team tel telephone thank thanks
    that the their them then there these they thing things this those thu thursday thur
    thurs thx to today together tomorrow tonight too total tue tues tuesday tx under
    unfortunately unit update updated upon urgent us use user vice visit vp wait warm was
    water we web website wed wednesday week weekend weekly welcome well were west what
    when where which while who why will wish wishes with wonderful work would write yeah
    year years yes yesterday yet you your yours zip
"""
NOT_NAMES = frozenset(_NOT_NAMES_LIST.split())
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
