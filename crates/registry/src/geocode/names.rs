//! Swedish names of the larger places whose Finnish name is the one in the table.

/// Swedish name and Finnish name, both folded.
const SWEDISH: &[(&str, &str)] = &[
    ("abo", "turku"),
    ("bjorneborg", "pori"),
    ("borga", "porvoo"),
    ("brahestad", "raahe"),
    ("ekenas", "tammisaari"),
    ("esbo", "espoo"),
    ("fredrikshamn", "hamina"),
    ("grankulla", "kauniainen"),
    ("hango", "hanko"),
    ("helsingfors", "helsinki"),
    ("hyvinge", "hyvinkaa"),
    ("idensalmi", "iisalmi"),
    ("ingo", "inkoo"),
    ("jakobstad", "pietarsaari"),
    ("kajana", "kajaani"),
    ("karis", "karjaa"),
    ("karleby", "kokkola"),
    ("gamlakarleby", "kokkola"),
    ("kasko", "kaskinen"),
    ("kervo", "kerava"),
    ("korsholm", "mustasaari"),
    ("kristinestad", "kristiinankaupunki"),
    ("kronoby", "kruunupyy"),
    ("kyrkslatt", "kirkkonummi"),
    ("lahtis", "lahti"),
    ("lojo", "lohja"),
    ("lovisa", "loviisa"),
    ("malax", "maalahti"),
    ("nadendal", "naantali"),
    ("nykarleby", "uusikaarlepyy"),
    ("nyslott", "savonlinna"),
    ("nystad", "uusikaupunki"),
    ("pargas", "parainen"),
    ("perna", "pernaja"),
    ("raseborg", "raasepori"),
    ("raumo", "rauma"),
    ("reso", "raisio"),
    ("s:t michel", "mikkeli"),
    ("st michel", "mikkeli"),
    ("sankt michel", "mikkeli"),
    ("sibbo", "sipoo"),
    ("sjundea", "siuntio"),
    ("tammerfors", "tampere"),
    ("tavastehus", "hameenlinna"),
    ("tornea", "tornio"),
    ("traskanda", "jarvenpaa"),
    ("tusby", "tuusula"),
    ("uleaborg", "oulu"),
    ("vanda", "vantaa"),
    ("vasa", "vaasa"),
    ("vichtis", "vihti"),
    ("villmanstrand", "lappeenranta"),
    ("vora", "voyri"),
    ("vederlax", "virolahti"),
    ("willmanstrand", "lappeenranta"),
    ("kimito", "kemio"),
    ("narpio", "narpes"),
];

/// The Finnish name of a place that goes by a Swedish one, both folded.
pub(super) fn finnish(folded: &str) -> Option<&'static str> {
    SWEDISH.iter().find(|(swedish, _)| *swedish == folded).map(|(_, finnish)| *finnish)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_leads_to_a_place_of_the_table() {
        for (swedish, finnish) in SWEDISH {
            assert!(super::super::table::table().locality(finnish).is_some(), "{swedish} -> {finnish}");
        }
    }
}
