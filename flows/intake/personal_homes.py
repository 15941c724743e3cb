"""Where people have their private mail: domains of free mail and of home lines, folders."""

from __future__ import annotations

import re
from typing import Final

HOME_DOMAINS: Final = frozenset(
    """
    gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.ca yahoo.fr yahoo.de yahoo.es
    yahoo.com.mx yahoo.com.au ymail.com rocketmail.com hotmail.com hotmail.co.uk hotmail.fr
    hotmail.de hotmail.es hotmail.ca outlook.com outlook.es outlook.fr outlook.de live.com
    live.ca live.fr msn.com aol.com aim.com icloud.com me.com mac.com protonmail.com proton.me
    pm.me mail.com email.com gmx.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de
    arcor.de posteo.de mailbox.org wanadoo.fr orange.fr free.fr laposte.net sfr.fr neuf.fr
    libero.it tiscali.it virgilio.it terra.es telefonica.net ono.com juno.com netzero.net
    netzero.com earthlink.net mindspring.com prodigy.net compuserve.com excite.com lycos.com
    hushmail.com fastmail.com fastmail.fm zoho.com yandex.com yandex.ru mail.ru inbox.com
    pacbell.net sbcglobal.net swbell.net ameritech.net bellsouth.net att.net flash.net snet.net
    nvbell.net comcast.net cox.net verizon.net charter.net rr.com optonline.net optimum.net
    frontier.com frontiernet.net windstream.net centurylink.net centurytel.net qwest.net
    uswest.net embarqmail.com suddenlink.net roadrunner.com twc.com rcn.com hughes.net
    starband.net directvinternet.com home.com mediaone.net adelphia.net mcleodusa.net
    ix.netcom.com netcom.com erols.com concentric.net sprintmail.com gte.net bellatlantic.net
    sympatico.ca rogers.com shaw.ca telus.net videotron.ca cogeco.ca bell.net btinternet.com
    ntlworld.com virginmedia.com blueyonder.co.uk sky.com talktalk.net tiscali.co.uk
    bigpond.com bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz hotmail.co.nz
    webtv.net peoplepc.com netscape.net onebox.com usa.net wp.pl o2.pl interia.pl onet.pl
    """.split()  # noqa: SIM905 - a list of words reads better without a hundred quotes
)
"""Free mail and lines at home: a person, a customer as well as a friend."""

PRIVATE_FOLDERS: Final = re.compile(
    r"(?:^|[/\\.])(?:personal|private|privat|privates|personlich|family|familie|familia|"
    r"famille|personnel|prive|personales|privado|friends|freunde|amigos|amis|jokes?|"
    r"humou?r)(?:$|[/\\.])"
)
"""Whole names of folders, in lower case and without accents: "Family Dental" is a customer."""
