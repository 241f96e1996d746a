//! What lies outside a volunteer's scope, with the words that give it away and where to turn instead.

use domain::LocalizedText;
use domain::kind::ScopeLimit;

fn limit(description: [&str; 3], refer_to: [&str; 3], words: &[&str]) -> ScopeLimit {
    let text = |[fi, sv, en]: [&str; 3]| LocalizedText::new(fi, sv, en);
    ScopeLimit {
        description: text(description),
        refer_to: text(refer_to),
        words: words.iter().map(|&word| word.to_owned()).collect(),
    }
}

/// Limits of work at home: electricity, plumbing, roofs, heights.
pub(super) fn household() -> Vec<ScopeLimit> {
    vec![
        limit(
            ["Sähkötyöt", "Elarbeten", "Electrical work"],
            [
                "Sähköurakoitsija tai taloyhtiön huolto",
                "En elentreprenör eller husbolagets servicebolag",
                "An electrical contractor or the housing company's maintenance",
            ],
            &[
                "pistorasia",
                "sähköasen",
                "sähköjoh",
                "sähkötyö",
                "sähkötöi",
                "sähkövi",
                "sulaketaul",
                "elarbete",
                "elinstall",
                "elledning",
                "eluttag",
                "electric",
                "wiring",
                "socket",
            ],
        ),
        limit(
            ["Putkityöt", "Rörarbeten", "Plumbing"],
            [
                "Putkiliike tai taloyhtiön huolto",
                "En rörfirma eller husbolagets servicebolag",
                "A plumber or the housing company's maintenance",
            ],
            &[
                "putki",
                "putke",
                "viemäri",
                "vesihana",
                "vesivuo",
                "hanan",
                "rörarbete",
                "rörmok",
                "avlopp",
                "vattenkran",
                "vattenläck",
                "plumb",
                "drain",
                "faucet",
            ],
        ),
        limit(
            ["Kattotyöt", "Takarbeten", "Roof work"],
            [
                "Kattoliike tai taloyhtiön huolto",
                "En takfirma eller husbolagets servicebolag",
                "A roofing company or the housing company's maintenance",
            ],
            &[
                "katolle",
                "katolla",
                "katolta",
                "kattoremon",
                "kattotyö",
                "kattotöi",
                "vesikat",
                "räystä",
                "ränni",
                "hängränn",
                "takarbete",
                "takrän",
                "yttertak",
                "roof",
                "gutter",
            ],
        ),
        limit(
            ["Yli 2 metrin tikkaat", "Stege över 2 meter", "A ladder over 2 metres"],
            [
                "Kiinteistöhuolto tai kotitalousvähennykseen oikeuttava palveluyritys",
                "Fastighetsservice eller ett serviceföretag med rätt till hushållsavdrag",
                "Property maintenance or a service company that gives the household deduction",
            ],
            &["nojatik", "talotik", "tikapu", "ansatssteg", "utskjutssteg", "utdragssteg"],
        ),
    ]
}

/// Limits of help with errands and devices: other people's money.
pub(super) fn money() -> Vec<ScopeLimit> {
    vec![limit(
        [
            "Pankkitunnusten, korttien ja tunnuslukujen käyttö",
            "Användning av bankkoder, kort och pinkoder",
            "Use of bank codes, cards and PINs",
        ],
        [
            "Oma pankki; edunvalvonnassa Digi- ja väestötietovirasto",
            "Den egna banken; intressebevakning: Myndigheten för digitalisering och befolkningsdata",
            "The person's own bank; for guardianship the Digital and Population Data Services Agency",
        ],
        &["pankkitunnu", "tunnusluk", "tunnusluv", "pinkoodi", "bankkod", "pinkod"],
    )]
}

/// Limits of help from person to person: care and medicine belong to professionals.
pub(super) fn care() -> Vec<ScopeLimit> {
    vec![limit(
        [
            "Hoitotyö, nostaminen ja lääkkeiden jakaminen",
            "Vårdarbete, lyft och dosering av läkemedel",
            "Care work, lifting people and dosing medicines",
        ],
        ["Hyvinvointialueen kotihoito", "Välfärdsområdets hemvård", "The home care of the wellbeing services county"],
        &["dosetti", "dosetin", "lääkejako", "lääkkeenjako", "pesuapu", "suihkutu", "dosett", "duschhjälp"],
    )]
}

/// Limits of help to families: no care alone without the needed papers.
pub(super) fn family() -> Vec<ScopeLimit> {
    vec![limit(
        ["Säännöllinen lastenhoito", "Regelbunden barnpassning", "Regular child care"],
        [
            "Hyvinvointialueen lapsiperheiden kotipalvelu",
            "Välfärdsområdets hemservice för barnfamiljer",
            "The home service for families of the wellbeing services county",
        ],
        &["yöhoito", "yöhoido", "päivähoi", "nattpass", "dagvård", "daycare"],
    )]
}
