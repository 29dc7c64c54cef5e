"""Words that say a person's name is near, and whether it is a patient's or family's name or that of somebody at work."""

from __future__ import annotations

import re
from enum import IntEnum


class Level(IntEnum):
    """How strongly the words before say that a patient's or family member's name follows."""

    NONE = 0
    WEAK = 1
    MEDIUM = 2
    STRONG = 3
    DIRECT = 4


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


PATIENT = _set(
    """
    pt pts ptn patient patients patient's name names named aka alias maiden decedent beneficiary surname nickname
    fka nka deceased lastname firstname enrollee
    """
)
TITLES = _set("mr mrs ms miss mx sr sra srta senora senor madam mister missus master")
NEWBORN = _set("baby babyboy babygirl bb bg infant newborn twin boy girl male female")
RELATIVES = _set(
    """
    wife husband son sons daughter daughters mother father mom dad mum mama papa mommy daddy parent parents sister
    brother sibling spouse partner guardian guardians conservator caregiver caretaker aunt uncle niece nephew cousin
    grandmother grandfather grandma grandpa grandson granddaughter grandparent fiance fiancee boyfriend girlfriend
    bf gf roommate neighbor nok kin stepmom stepdad stepson stepdaughter stepmother stepfather hubby widow widower
    ex proxy surrogate representative requestor requester guarantor claimant plaintiff subscriber policyholder
    insured cardholder estate landlord mother-in-law father-in-law son-in-law daughter-in-law sister-in-law
    brother-in-law poa hcpoa dpoa executor executrix child children kid contact legal-rep
    """
)
#: Documents and things of one patient: "op note for X", "X's chart".
RECORDS = _set(
    """
    chart charts record records op note notes report reports summary query question questions roi request requests
    release authorization auth form consent labs lab images imaging disc cd bill account accounts acct claim
    encounter visit admission stay case file encounters documentation documents document addendum h&p hp result
    results path pathology ekg mri ct x-ray xray scan letter dispo discharge look eyes second review coding recode
    amendment subpoena copies copy info information statement history story surgery death birth appt appointment
    facesheet sheet
    """
)
#: Papers of one patient that nobody has "for" a colleague.
CLINICAL = _set(
    """
    chart charts record records labs account acct mrn admission stay encounter visit h&p consent authorization
    amendment labs ekg mri ct xray x-ray scan discharge death birth summary
    """
)
CLINICAL_NOTES = _set("op ed dc discharge progress operative nursing consult clinic icu er admit hospital h&p path")
#: Singular nouns of one patient's things: a lone name before them is a patient's.
OWNED = _set(
    """
    twin twins baby newborn infant chart record records mrn dob account acct encounter file case admission stay
    family op h&p discharge dc face birth death visit consent facesheet bill claim mom mother dad father wife
    husband son daughter brother sister ssn roi note query summary ekg labs
    """
)
OWNED_BY_SMALL = _set("chart record records mrn dob account acct family file encounter facesheet case admission roi")
PREPOSITIONS = _set(
    """
    for on re regarding about under to of from with w see pull merge at called call emailed need needs coded has vs
    combine find open reopen missing unmerge recode locate belongs concerning abt who is not
    """
)
SPEAKING = _set(
    """
    phone spoke talked spoken speaking talk s/w msg message voicemail vm lvm lm called mailed letter faxed emailed
    sent released mail fax email letters reached texted heard
    """
)
BACK_OVER = _set("is was are of the last first full legal named called name names with to for from w by on")
AND = _set("and & or vs n not")

COWORKER_BEFORE = _set(
    """
    thanks thank thx ty thnx tysm ask asked asking tell told ping pinged cc cc'd hi hey hello morning afternoon
    evening congrats congratulations welcome kudos assigned assign reassign reassigned @ per covering cover loop
    bring dear bye happy yes ok okay sorry please pls coder auditor supervisor manager lead director analyst trainer
    colleague coworker teammate boss teams slack dm
    """
)
PROVIDER_BEFORE = _set(
    """
    dr drs doctor doctors attending attendings surgeon hospitalist resident intern fellow physician provider pcp
    cardiologist radiologist anesthesiologist pathologist oncologist neurologist nephrologist intensivist
    pulmonologist urologist orthopedist psychiatrist nurse rn np pa md do crna crnp lpn midwife cnm therapist
    pharmacist prof professor attn consultant referring anesthesia cdi dietitian specialist psychologist chaplain
    proceduralist gastroenterologist
    """
)
CREDENTIALS = _set(
    """
    md do rn np pa pa-c crna crnp lpn lvn aprn dnp phd pharmd rhia rhit ccs ccs-p cpc coc cic cdip ccds dpm dds mbbs
    facs od cnm lcsw msw bsn arnp fnp dnp-c fnp-c np-c
    """
)
DEPARTMENTS = _set(
    """
    cdi coding him hims billing registration it compliance scheduling lab radiology pharmacy admitting legal finance
    quality risk privacy utilization ur um case management pfs roi release ed er icu surgery anesthesia
    credentialing access auditing audit training payroll hr informatics epic denials transcription scanning mpi
    charge revenue provider the
    """
)
#: What people at work do, said right after their name.
STAFF_DOES = re.compile(
    r"\s?(?:,|:|-)?\s?(?:(?:can|could|would|will you|do you|are you|did you|pls|please)\s(?:you|someone|u"
    r"|pls|please|look|check|take|review|fix|cover|do|help|send|have|call|get)\b|(?:is|was|will be|are"
    r"|has been)\s(?:my|our|the (?:coder|auditor|lead|supervisor|manager|"
    r"coordinator|director|analyst)|out|off|back (?:on|from|monday|tuesday|wednesday|thursday|friday"
    r"|tomorrow|today)|covering|on (?:call|pto|vacation|leave|lunch|today|it)|working (?:on|it)|fixing"
    r"|in (?:a |the )?(?:meeting|training|charge|office)|the new|training|also our|a coder|an auditor|away"
    r"|assigned|my)\b|"
    r"(?:will|can|to)\s(?:cover|review|take|handle|code|audit|fix|look|finish|do|work|check|help|train"
    r"|lead|present|send|follow)\b|(?:claimed|took|reviewed|audited|owes|has the queue|has \x00|took \x00"
    r"|agreed|disagreed|disagrees|agrees|signed off|cosigned|dictated|addended)\b|"
    r"(?:out|off)\s(?:until|till|today|sick|this|next|on)\b|owes\b|to (?:co-?sign|sign|dictate|answer"
    r"|respond|addend|complete|clarify|document|review)\b|(?:has not|hasn't|didn't|did not|won't"
    r"|still hasn't|never)\s(?:signed|answered|responded|dictated|sign|answer|respond|dictate)|(?:answered"
    r"|responded|clarified|documented|documents)\b)"
)
#: Papers that patients and their families sign; other papers are signed by providers.
SIGNED_PAPER = re.compile(
    r"(?:auth|authorization|consent|form|release|requested|request|brought|picked up|dropped off"
    r"|roi)\b[\w\s]{0,40}$"
)
#: After a lone name these say it is a patient's.
PATIENT_DOES = re.compile(
    r"\s\((?:husband|wife|son|daughter|mother|father|mom|dad|sister|brother|poa|pt|patient|spouse|guardian"
    r"|neighbor|aunt|uncle|niece|nephew|grandson|granddaughter|proxy)\b|"
    r"\s(?:(?:was|is|got|being|been)\s(?:admitted|discharged|transferred|seen|readmitted|intubated"
    r"|here again|in (?:bed|room|rm|icu|ed|pacu|the (?:ed|icu|unit|or))|inpatient|obs|deceased|npo|dnr"
    r"|a (?:duplicate|dup|dnr|readmit|transfer|new admit|no show)|registered|merged|"
    r"on (?:two|2|the vent)|the (?:pt|patient)|a (?:pt|patient))|(?:passed|died|expired|deceased|left ama"
    r"|admitted|discharged|readmitted|transferred|fell|coded in|delivered)\b|(?:needs|wants|has no|has two"
    r"|has 2|is missing|missing)\s(?:her|his|an?|the|op|h&p|poa|records?|second|consent|dc|copies|dob|"
    r"mrn|discharge|accounting|addendum|late|everything|two|2|to amend|no|query|corrected|code)\b|(?:in|rm"
    r"|room|bed|at)\s?(?:bed|room|rm|window|the window|\d{2,4}\b)|(?:called|calling|wants|requested"
    r"|requesting|asking|states)\b|chart belongs|,? (?:she|he)(?:'s| is) (?:the|her|his) (?:poa|guardian"
    r"|wife|husband|mom|dad|mother|father|son|daughter|sister|brother|proxy|pt|patient)|dob\b|mrn\b"
    r"|\(?(?:mrn|dob|acct|pt|patient)\b|pt\b)"
)
#: After a name these make it a hospital, street, form, score or device.
THING = _set(
    """
    hospital clinic center centre medical health healthcare rehab rehabilitation unit wing tower pavilion hall form
    criteria score scale procedure drain tube catheter sign test stage grade classification county city state
    university college school children's regional memorial general campus building floor hospice nursing manor house
    village home pharmacy lab labs laboratory insurance plan advantage fund group associates street st ave road
    disease syndrome fracture fx cyst palsy tumor lymphoma sarcoma disorder dystrophy esophagus syndromes
    contracture hernia repair operation bypass graft balloon pump line needle stent screw rod nail plate prosthesis
    knee hip dementia chorea thyroiditis encephalopathy tear ulcer phenomenon node nodes reflex maneuver position
    flap anastomosis shunt valve monitor block angina arteritis sarcomas foot joint ring web pouch patch bandage
    splint collar cast boot dressing technique approach resection amputation incision anemia deficiency solution
    lactate virus pneumonia spots space body bodies cells cell granuloma crisis gangrene nephropathy law rule act
    method curve system software app login license portal queue template policy manual index class type coma
    retinopathy triad tetralogy pentad duct gland membrane chamber grading ii iii iv foundation trust services
    partners systems physicians network institute rehabilitations snf va surgery cancer heart orthopedics
    """
)
PARTICLES = _set(
    """
    de la del los las da dos das do di du le van von der den ter ten bin ibn al el abu bint st san santa mac mc dela
    vander
    """
)
#: Common words that are also frequent names, but mostly verbs or nouns of the office when written small.
VERBS = _set(
    """
    will may can call case page bill mark grant chase rush price charge check code note read field block branch card
    chance church cook court cross day fair high house key land law lay light line list long love main man means
    moon mount noble order pace pool post rank ring rock room sample self sharp short small smart song sound stock
    stone stout strange street strong sweet swift temple ward water way week wing winter work worth west north south
    east spring summer hand head heard hope hunt back best blank book camp carry cash close cost drew dot era fast
    first good hang high hurt hard just keep last left little look lot major mean minor new north now off okay old
    pat place plan plus pop power powers quick right said sage save say score season see sell send set sharp ship
    side sign skip speed stamp staples star start storm sue sun tag take team term test thu till time tip top true
    turn wait walk warm weeks well wells win wise word young diamond guy angel art dean duke rich crystal frank jean
    junior king many price queen ray reed miles mi min ok oscar person prince justice german english french irish
    april august june january september sunday valentine georgia virginia carolina florida dakota nevada maryland
    son brother ball banks bell berry bird bond branch brand bunch burden burns buck battle beard beach black blue
    brown bright captain field fish flood flowers fortune friend gates glass gold golden gray green gross hammer
    handy hook horn rain salt sand sparks stern story trace sunny penny patience faith joy dawn rusty sandy dusty
    lance cliff clay chuck candy brook ivory ginger honey heather hazel holly ivy jade pearl olive opal rose ruby
    violet lily laurel iris daisy harmony destiny melody mercy merry charity grace glory earl early elder end ma mo
    my no so sol van ed al do le in an am it us or is as at by he me we ly ha so man long
    """
)

#: Never a surname when written small, whatever stands before.
AUXILIARIES = _set("will may can case said call")
ALIAS = frozenset(
    {("goes", "by"), ("went", "by"), ("known", "as"), ("spelled", "as"), ("registered", "as"), ("listed", "as")}
)
NAME_PARTS = _set("first last middle name is and")
NAME_WORDS = _set("name names named surname aka lastname firstname")
#: Things a colleague has too: "Denise's query".
OWNED_BY_COLLEAGUES = _set("query note file summary case claim records visit")
WORK_DONE = _set("assigned assign reassign reassigned coded reviewed audited claimed handed")
THANKS = ("thank", "kudos", "congrat", "shout", "thx")
#: After a lone given name only these say that it is a patient's.
ONLY_PATIENT_DOES = re.compile(
    r"\s(?:was|passed|died|expired|left ama|dob|mrn|in (?:\d|bed|room|rm|icu)|room|rm|bed|is the (?:pt"
    r"|patient))|,? (?:she|he)(?:'s| is) (?:the|her|his) "
)
MONTHS = _set("april may june august")
BEFORE_MONTHS = _set("in by until since last next this early late mid from through thru of end before after")
