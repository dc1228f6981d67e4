"""PDFs with and without a password, each cut down to its encryption dictionary and its trailer."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_kb.file_types import Refused, examine
from docs_kb.pdf_lock import is_locked
from docs_kb.tests.factories import make_upload

pytestmark = pytest.mark.once


# Revision, whether it asks for a password, and the file in base 85. Made with qpdf from a blank page.
FILES = [
    (
        "R2",
        False,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGgu>bY*fNFH>}3Ze(F{WFRk0Wo~D5XdpB&ATLiKJU3xDIc7CwFk~?}I5=cvWMpDF"
        "Ff}t`WHvKqW;S7AGh$;hF)%PUGc_<UHf3ZtIb$<oG%#d0V`4R8H85pkV?H1+P#`TdATLrNG9WKiAUrT;Wo2eJW;J7F"
        "Gi5k4I5sdfW-?_rH#K5oIWsk4GBh`4GcYt`FfuhaHZfymWHmW4I51)|H90pnFgQ3jV`4raFIFHiAU-|{Wo~3|VrmL>"
        "a$#v~WpW@qJRmPpZ*O!UF(5D?QXnr=X?kTKH6SlZL?Bx{I5#n6WMnomVrFDAHaIpoHZwCgV`ODCWHvQ9G-Wt4K0G)#"
        "F=b?AHZfvmWHL55HaIpjGdN>pWi(_qH90h8I5Iw6ATLF3V{&<LbRaY!Fd$MOK0XQ",
    ),
    (
        "R2",
        True,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGgu>bY*fNFH>}3Ze(F{WFRk0Wo~D5XdpB&ATLiKJTfsgGh{epV`gDEIW{(8G%zq^"
        "Wi&HkHDx(CW-?)8W;rr6F*P<bVK-qmW@KVyH)AqlI59FcGGaMoIAu3EIX)mSP#`TdATLrNG9WKiAUrZ-I5}c5H8C(W"
        "F)%P@VP!TmF*IT}HZU_XW@IyAGd5&4Gd5!|Fk(1jHf1w5HDWM0H)CctH!?9|G%zz{Vlh4-FIFHiAU-|{Wo~3|VrmL>"
        "a$#v~WpW@qJRmPpZ*O!UF(5D?QXnr=X?kTKH6SlZL?Bx{I5#n6WMnomVrFDAHaIpoHZwCgV`ODCWHvQ9G-Wt4K0G)#"
        "F=b?AHZfvmWHL55HaIpjGdN>pWi(_qH90h8I5Iw6ATLF3V{&<LbRaY!Fd$MOK0XQ",
    ),
    (
        "R3",
        False,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGgu>bY*fNFH>}3Ze(F{WFRk0Wo~D5Xdp2%I3O=iAUtGaVmV@DH#j$BH!xx`Ha282"
        "H#ayjHez8mH#K8rGcjReG%_$TWHT}|Ib>uwW-w-CW;9}EGi5SjIAb<tV`V-dFHj&YG$1chATuB@RUkZLHa25rHD)$3"
        "Hf1noF)%qZH8wahVqs!8VPiQtHZe0WF)}hVH8x>6F=An5H8C?ZGB-0}He_NkGc;p3H)AwDATL%RG9W%a3T19&Z(?c+"
        "baG*7Y-MsFJUk#TQg3f`ATb~?AW|SNQ)zl-AT=N_Nkkx9JUBNoWn^SFF=A$9GB!9iI5smgIAdgGG-Nh4IW%QBGCn*w"
        "H!)>oWHvEkW@IupI5s#oGc!12WMwpDHZ?gkWjHcET_7(-ZewzJaC9IvATS_OAU-|{",
    ),
    (
        "R3",
        True,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGgu>bY*fNFH>}3Ze(F{WFRk0Wo~D5Xdp2%I3O=iAUrrXHZwUeH8eFgH!(F~FlI1e"
        "GdVdiH#0J0Ff}-3HDow7GBPzcIbkq4W;A7GHDzXFW;kImF)%VWWidE6IbuE_FHj&YG$1chATuB@RUkYvHeod~F*9T`"
        "F*0H@G%`72Wn*DEG-5J2W;8T0Wn^P8F)}hVH8x>6F=An5H8C?ZGB-0}He_NkGc;p3H)AwDATL%RG9W%a3T19&Z(?c+"
        "baG*7Y-MsFJUk#TQg3f`ATb~?AW|SNQ)zl-AT=N_Nkkx9JUBNoWn^SFF=A$9GB!9iI5smgIAdgGG-Nh4IW%QBGCn*w"
        "H!)>oWHvEkW@IupI5s#oGc!12WMwpDHZ?gkWjHcET_7(-ZewzJaC9IvATS_OAU-|{",
    ),
    (
        "R4",
        False,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGEHkJUk#TQ*>lQMj$*qATL36bZA9(Wo~pJFGO!+PjF>!ATL8kO&~8pMN?KXATLa1"
        "ZfA68ATc%|K0Y8mJ|HhfX>4?5av(2LbYX5}VRB?3FHB`_XLM*FF)}zHFHaymWMg7EVq`ZsH)J<3Vlg&0WHC24I59S2"
        "VKz54V`VcjVPZ5gFfn8^GBY`3WH@FpW@KhGVrDaCGGaJmHf3XFJ|HhpAT2Z?FH#^hATLvNZAKt3Q*>lQMj$U!baF-@"
        "FH>}6Lq;GkRUkZLHa25rHD)$3Hf1noF)%qZH8wahVqs!8VPiQtHZe0WF)}hVH8x>6F=An5H8C?ZGB-0}He_NkGc;p3"
        "H)AwDATL%RG$1}c3T19&Z(?c+baG*7Y-MsFJUk#TQg3f`ATb~?AW|SNQ)zl-AT=N_Nkkx9JUBNoWn^SFF=A$9GB!9i"
        "I5smgIAdgGG-Nh4IW%QBGCn*wH!)>oWHvEkW@IupI5s#oGc!12WMwpDHZ?gkWjHcET_7(-ZewzJaC9IvATS_OAU-|{",
    ),
    (
        "R4",
        True,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGEHkJUk#TQ*>lQMj$*qATL36bZA9(Wo~pJFGO!+PjF>!ATL8kO&~8pMN?KXATLa1"
        "ZfA68ATc%|K0Y8mJ|HhfX>4?5av(2LbYX5}VRB?3FHB`_XLM*FF)}zHFHaymI5##kIWRReH8wXfHDNGjFkv$}IWadg"
        "GGj0`IAt|tI5jddH8(k7Fga#4Wo0#GW@BbJVK6Z;GB;&0I5#<BJ|HhpAT2Z?FH#^hATLvNZAKt3Q*>lQMj$U!baF-@"
        "FH>}6Lq;GkRUkYvHeod~F*9T`F*0H@G%`72Wn*DEG-5J2W;8T0Wn^P8F)}hVH8x>6F=An5H8C?ZGB-0}He_NkGc;p3"
        "H)AwDATL%RG$1}c3T19&Z(?c+baG*7Y-MsFJUk#TQg3f`ATb~?AW|SNQ)zl-AT=N_Nkkx9JUBNoWn^SFF=A$9GB!9i"
        "I5smgIAdgGG-Nh4IW%QBGCn*wH!)>oWHvEkW@IupI5s#oGc!12WMwpDHZ?gkWjHcET_7(-ZewzJaC9IvATS_OAU-|{",
    ),
    (
        "R4, clear metadata",
        False,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGEHkJUk#TQ*>lQMj$*qATL36bZA9(Wo~pJFGO!+PjF>!ATL8kO&~8pMN?KXATLa1"
        "ZfA68ATc%|K0Y8mJ|HheZewzJaCA*&bYWy+bYUQ7VQh0{ATLH~Y;<LEATLvNVQyq$a%3PcOl59obZ8(kGB_YFPar&G"
        "V`4dCWH&fBWH&HkF*Y`2F*i3jF*aghHa9h6Wiv5hVl*-^F=R6`GdW~rIA$<rWM(vCW;10nVmM<qWn*PNATLlLEi@o6"
        "QXn)SFH>}FMj$U!bYw$DATLvNaz-F8Q*>lQMj$U$AUrc>H8eLlGG%2jWH2@`V=y^1V>CE2G&5ylGBP)0VmB}`GBPwZ"
        "Heoq2Vqs-9F*7tWH#1>2WMVNhG-Eh7V>CV>FIFHlAU-|{Wo~3|VrmL>a$#v~WpW@qJRmPpZ*O!UF(5D?QXnr=X?kTK"
        "H6SlZL?Bx{I5#n6WMnomVrFDAHaIpoHZwCgV`ODCWHvQ9G-Wt4K0G)#F=b?AHZfvmWHL55HaIpjGdN>pWi(_qH90h8"
        "I5Iw6ATLF3V{&<LbRaY!Fd$MOK0XQ",
    ),
    (
        "R4, clear metadata",
        True,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGEHkJUk#TQ*>lQMj$*qATL36bZA9(Wo~pJFGO!+PjF>!ATL8kO&~8pMN?KXATLa1"
        "ZfA68ATc%|K0Y8mJ|HheZewzJaCA*&bYWy+bYUQ7VQh0{ATLH~Y;<LEATLvNVQyq$a%3PcOl59obZ8(kGB_YFPar%v"
        "H#RdlFf}waHa9UfVK8PeVKX^7F*h?ZV=y&1Wi@0tH8L_aH#uQ2Ic79vWi@4HV`eyEFflMPH)Sz6H#uTHATLlLEi@o6"
        "QXn)SFH>}FMj$U!bYw$DATLvNaz-F8Q*>lQMj$U$AUrrTIW%K1VmUK5IASn3Ff}q^Gh;C^WHn?oH#ImkGBYqSGBPwZ"
        "Heoq2Vqs-9F*7tWH#1>2WMVNhG-Eh7V>CV>FIFHlAU-|{Wo~3|VrmL>a$#v~WpW@qJRmPpZ*O!UF(5D?QXnr=X?kTK"
        "H6SlZL?Bx{I5#n6WMnomVrFDAHaIpoHZwCgV`ODCWHvQ9G-Wt4K0G)#F=b?AHZfvmWHL55HaIpjGdN>pWi(_qH90h8"
        "I5Iw6ATLF3V{&<LbRaY!Fd$MOK0XQ",
    ),
    (
        "R5",
        False,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGEHkJUk#TQ*>lQMj$*qATL36bZA9(Wo~pJFGO!+PjF>!ATL8kO&~8pMN?KYATLa1"
        "ZfA68ATu%`K0Y8mJ|HhfX>4?5av(2LbYX5}VRB?3FHB`_XLM*FGBq|JFHaymHaRwBHa0moV=`eeFgY`2GdD6dW??d7"
        "IW;&mW?^PDVlXx^VPrRAG&L||Wn?!oGc-A2F=b_8WH@6nWMW}7F*af}Vl*^iG%__gG&5x~WiVu7F*RmoH!w9}Ff%hS"
        "J|HhoMIbz3Wn(mCVPi67H(@m~I5;yhWMMaBWj8csV`MTjI5TB3Vq!KqW;bGEI5#pfG-76EHD)$8G&D0gIW%Q5VK-zx"
        "ATLlLEi@o6P-Sv$b09onF)(B_W-(zfIW{vgHDft9HaRvkGBY-2Ff?XmF*jsBATLrNH6SljbZtf;FH>}6Lq;GkQ*?4h"
        "ATLvNWJ5+EFI6BsWic{hIX7lyH!x*2W??lnIA&yIV>32mH8W%}G&MFeFfuY?IWRReIb>vGHZ(LbIb}99H!(D0FlIMn"
        "Vl*@~VP-NiGBY_bHZx^2IAS+6V>LNtI5}lwF=8<{VKQT3J|HhuMIbz5Wi@1BVr6DCH)As}F=1skWHT^fGBPz}VKrhg"
        "IbviqG%+<YW@IroGBh<YGB`3ZIW}WrVP!BiVPR%uFk&=5ATL%RH6T7d3T19&Z(?c+baG*7Y-MsFJUk#TQg3f`ATb~?"
        "AW|SNQ)zl-AT=N_Nkkx9JUBNoWn^SFF=A$9GB!9iI5smgIAdgGG-Nh4IW%QBGCn*wH!)>oWHvEkW@IupI5s#oGc!12"
        "WMwpDHZ?gkWjHcET_7(-ZewzJaC9IvATS_OAU-|{",
    ),
    (
        "R5",
        True,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGEHkJUk#TQ*>lQMj$*qATL36bZA9(Wo~pJFGO!+PjF>!ATL8kO&~8pMN?KYATLa1"
        "ZfA68ATu%`K0Y8mJ|HhfX>4?5av(2LbYX5}VRB?3FHB`_XLM*FGBq|JFHaymIW#t6H8N#kG%zq?WnpGzV`4NpH)J?7"
        "H#B54Gh{b1V=`eiHfA(oW@9%nIAdaCIWjR}V>xDHWMMNhWHDwoHDhLFVl_B2G&eOiWi?@BIW=KpVl`tiGBGtbWid54"
        "J|HhoMIbymVrFJAVKO*lVP<ABW;A0nG&MIeI5;#pGB#m2Vm32lVl_52V=yshHZn3ZVKy;lWH&NnF*Y?}VPs)2H90mu"
        "ATLlLEi@o6P-Sv$b09o7F*9aiFgam3WHx4GWi~csV`X7AWivEpV=*x}H#RapATLrNH6SljbZtf;FH>}6Lq;GkQ*?4h"
        "ATLvNWJ5+EFI6BsW;8Z8Ha0M1W?^MAF=b^lG&W&0GGsG3Hf1z0H)S<9G-ES2Wi>N2F=jC^GBP-2VKO#1HfAtlWiw)C"
        "G&DG6Wi@3nHZVCgGB{>4V=-YkHeoSjHfClwVly^1VmM?rJ|HhuMIbz3VPr63Ibkp}HD)<xFf}k{H928oVl_5oWo9rm"
        "VK-$pVq-XBVK6s0Fk&%gGG;k6H)CQjF)?H|FflS=G-5YCATL%RH6T7d3T19&Z(?c+baG*7Y-MsFJUk#TQg3f`ATb~?"
        "AW|SNQ)zl-AT=N_Nkkx9JUBNoWn^SFF=A$9GB!9iI5smgIAdgGG-Nh4IW%QBGCn*wH!)>oWHvEkW@IupI5s#oGc!12"
        "WMwpDHZ?gkWjHcET_7(-ZewzJaC9IvATS_OAU-|{",
    ),
    (
        "R6",
        False,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGEHkJUk#TQ*>lQMj$*qATL36bZA9(Wo~pJFGO!+PjF>!ATL8kO&~8pMN?KYATLa1"
        "ZfA68ATu%`K0Y8mJ|HhfX>4?5av(2LbYX5}VRB?3FHB`_XLM*FGBq|JFHaymH)An3V=^%@G&M6dVl_82G+|;iVlX*m"
        "HDoj}IA$|4Gh{JgW@2GuH#9V5H8V0~Ha0LhV`4cuFg7@2F*0IdVKy*0Vm3BpH#B53W-vH2Gd46dGGjJ3GGjS5Ffe9f"
        "J|HhoMIbyiIAJ+rVmCQtGh}6DVl-xDVK*@|VK*{0IW;vkF*z|~H)3WvIb>ltI5jdjHZd?ZFgG|bWMw!oIWadiH8U|j"
        "ATLlLEi@o6P-Sv$b09oqH8^88H#0UcG-Wg}F*!M8VliSfI5#ypGi5h8H#9arATLrNHXtukbZtf;FH>}6Lq;GkQ*?4h"
        "ATLvNWJ5+EFI6BsG&ebBH#uf7IWaY2WHmTAWiT)?H)c6BGGjC{HDxzrV>mZ4H)S<sWnwroH!)>5IXE{sG-EYkH)1e0"
        "HD)(BF*RmlHDYFBFk(42H)UaFI5jt8FgaskH#0LZGdVb7J|HhuMIbyfVrDpDHf1qoW;J6pH8?UgF)%nVF=jI~IWRP1"
        "H)UioG&5#mGBh<YWi(<qFf?OhFgZ9eG-Nn6Gc`3aW;SC!ATL%RH6T7d3T19&Z(?c+baG*7Y-MsFJUk#TQg3f`ATb~?"
        "AW|SNQ)zl-AT=N_Nkkx9JUBNoWn^SFF=A$9GB!9iI5smgIAdgGG-Nh4IW%QBGCn*wH!)>oWHvEkW@IupI5s#oGc!12"
        "WMwpDHZ?gkWjHcET_7(-ZewzJaC9IvATS_OAU-|{",
    ),
    (
        "R6",
        True,
        "B~V00Eio=P3N#=vAa7!73Oqa@FGEHkJUk#TQ*>lQMj$*qATL36bZA9(Wo~pJFGO!+PjF>!ATL8kO&~8pMN?KYATLa1"
        "ZfA68ATu%`K0Y8mJ|HhfX>4?5av(2LbYX5}VRB?3FHB`_XLM*FGBq|JFHaymGh}9CVrFG#WMVL7GBPzdHeoU`V`OGw"
        "Vq`KhWi(`AF*Pt`F*P?eVly}}GGR4lH8M6eGGj4hW@a%tWHB^2G&D0eWM(-wF=S$9WHw|pVq{}7HDzQmWo0-xHexqq"
        "J|HhoMIbyiGcYnRWMpP$W;9}EFlJ?AWi(?oHDfk6F=RMnVlZSlIAJ(3G-PHqF*G<eH8eIiV`FAHIW{ynWo2eKFg7?o"
        "ATLlLEi@o6P-Sv$b09o4V>mZBF=H?_VK_2kVm4thWH2*1Vl^@{W@R`vWo2PLATLrNHXtukbZtf;FH>}6Lq;GkQ*?4h"
        "ATLvNWJ5+EFI6BsV>M%CW;tVHVPj!6G%z(}GGt?BG&nG2Gd5ykWiw<mG&443IAmrwW;Zo3G&eRlFflYVF*RmoGh#Vn"
        "GBPq_VKp*iGht*fW-v7{I5RR~H#BBsHa9gkH8o^mVl-koJ|HhuMIbz8WnyDDWHB*jWHmBjWM*YDVKQc8GGt<AIA$?6"
        "I5uNqHeoqrW@0onHDfe2WMVZoH#0I}H8e72IWl50G+{D6ATL%RH6T7d3T19&Z(?c+baG*7Y-MsFJUk#TQg3f`ATb~?"
        "AW|SNQ)zl-AT=N_Nkkx9JUBNoWn^SFF=A$9GB!9iI5smgIAdgGG-Nh4IW%QBGCn*wH!)>oWHvEkW@IupI5s#oGc!12"
        "WMwpDHZ?gkWjHcET_7(-ZewzJaC9IvATS_OAU-|{",
    ),
]


@pytest.mark.parametrize(("revision", "asks", "text"), FILES)
def test_pdf_that_asks_for_a_password_is_told_from_one_that_only_forbids(revision, asks, text):
    can_tell = revision != "R6"
    assert is_locked(base64.b85decode(text)) == (asks and can_tell)


def test_locked_pdf_is_refused_by_its_name():
    locked = next(text for _, asks, text in FILES if asks)
    with pytest.raises(Refused) as refused:
        examine(make_upload("contrato.pdf", base64.b85decode(locked)))
    assert refused.value.sentence == "«contrato.pdf» tiene contraseña: súbelo sin ella"
    assert refused.value.code == "protected"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4 /Encrypt 9 0 R",
        b"%PDF-1.4 a sentence on /Encrypt",
        b"9 0 obj << /R 3 /Length 0 /P -1 >> endobj /Encrypt 9 0 R",
        b"9 0 obj << /R 3 /O (((( /U <zz> >> /Encrypt 9 0 R /ID [ (" + b"(" * 1000,
    ],
)
def test_broken_dictionary_breaks_nothing(data):
    assert is_locked(data) in (True, False)


@given(st.binary(max_size=300))
def test_any_bytes_break_nothing(data):
    is_locked(b"1 0 obj << /R 4 /O (" + data + b") /U <00> >> endobj /Encrypt 1 0 R /ID [ (" + data)
