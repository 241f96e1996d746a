//! The static texts for a table of documents. All such tables have the same columns, so each text is one pattern around a name.

/// The statements of one table.
#[doc(hidden)]
#[derive(Debug)]
pub struct Statements {
    pub(crate) get: &'static str,
    pub(crate) get_for_update: &'static str,
    pub(crate) get_for_key_share: &'static str,
    pub(crate) by_external_id: &'static str,
    pub(crate) exists: &'static str,
    pub(crate) insert: &'static str,
    pub(crate) update: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) list: &'static str,
    pub(crate) bulk: &'static str,
    pub(crate) count: &'static str,
}

/// The condition of a filter: $1 network, $2 association, $3 states, $4 kind, $5 seeker, $6 from, $7 to.
macro_rules! filtered {
    () => {
        " where network_id = $1 and ($2 is null or association_id = $2) \
         and ($3 is null or $3 like '%,' || state || ',%') and ($4 is null or kind_id = $4) \
         and ($5 is null or seeker_id = $5) and ($6 is null or ends > $6) and ($7 is null or starts < $7)"
    };
}
pub(crate) use filtered;

macro_rules! statements {
    ($table:literal) => {{
        use $crate::document::sql::{Statements, filtered};
        static STATEMENTS: Statements = Statements {
            get: concat!("select id, version, body from ", $table, " where network_id = $1 and id = $2"),
            get_for_update: concat!(
                "select id, version, body from ",
                $table,
                " where network_id = $1 and id = $2 for update"
            ),
            get_for_key_share: concat!(
                "select id, version, body from ",
                $table,
                " where network_id = $1 and id = $2 for key share"
            ),
            by_external_id: concat!(
                "select id, version, body from ",
                $table,
                " where network_id = $1 and external_id = $2"
            ),
            exists: concat!("select cast(1 as bigint) from ", $table, " where network_id = $1 and id = $2"),
            insert: concat!(
                "insert into ",
                $table,
                " (network_id, id, association_id, external_id, state, kind_id, seeker_id, starts, ends, version, \
                 create_time, update_time, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                 on conflict do nothing"
            ),
            update: concat!(
                "update ",
                $table,
                " set association_id = $4, external_id = $5, state = $6, kind_id = $7, seeker_id = $8, starts = $9, \
                 ends = $10, version = $11, update_time = $12, body = $13 \
                 where network_id = $1 and id = $2 and version = $3"
            ),
            delete: concat!(
                "delete from ",
                $table,
                " where network_id = $1 and id = $2 and ($3 is null or version = $3)"
            ),
            list: concat!("select id, version, body from ", $table, filtered!(), " and id > $8 order by id limit $9"),
            bulk: concat!(
                "select count(*), max(id), \
                 string_agg(id || ' ' || version || ' ' || octet_length(body) || ' ' || body, '') \
                 from (select id, version, body from ",
                $table,
                filtered!(),
                " and id > $8 order by id limit $9) as part"
            ),
            count: concat!("select count(*) from ", $table, filtered!()),
        };
        &STATEMENTS
    }};
}
pub(crate) use statements;

/// Declares a document: its type, id type, table, collection, the field that names its network, and its key columns.
macro_rules! document {
    ($document:ident, $id:ident, $table:literal, $collection:literal, network: $network:ident, keys: |$this:ident| $keys:expr) => {
        impl $crate::document::Document for domain::$document {
            type Id = domain::$id;
            const TABLE: &'static str = $table;
            const COLLECTION: &'static str = $collection;

            fn network(&self) -> &domain::NetworkId {
                &self.$network
            }

            fn id(&self) -> &Self::Id {
                &self.id
            }

            fn meta(&self) -> &domain::Meta {
                &self.meta
            }

            fn meta_mut(&mut self) -> &mut domain::Meta {
                &mut self.meta
            }

            fn keys(&self) -> $crate::document::Keys<'_> {
                let $this = self;
                $keys
            }

            fn statements() -> &'static $crate::document::Statements {
                $crate::document::sql::statements!($table)
            }
        }
    };
}
pub(crate) use document;
