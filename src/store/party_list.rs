//! Lists of what a party may see.

use uuid::Uuid;

use crate::domain::role::Party;

/// A part of a party's resources of one kind, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct PartyList<'a> {
    /// Whose.
    pub party: &'a Party,
    /// Only those in this state.
    pub state: Option<&'a str>,
    /// Only those after this id.
    pub after: Option<Uuid>,
    /// Maximum number.
    pub limit: i64,
}

/// The query of a [`PartyList`] on a table with `id`, `municipality`, `provider` and `state`.
macro_rules! party_list {
    ($list:ident, $table:ident, $row:ty) => {{
        let query = $table::table
            .order($table::id)
            .limit($list.limit)
            .select(<$row>::as_select())
            .into_boxed();
        let mut query = match $list.party {
            Party::Provider(number) => query.filter($table::provider.eq(number.as_str())),
            Party::Municipality(number) => query.filter($table::municipality.eq(number.as_str())),
        };
        if let Some(state) = $list.state {
            query = query.filter($table::state.eq(state));
        }
        if let Some(after) = $list.after {
            query = query.filter($table::id.gt(Id16(after)));
        }
        query
    }};
}
pub(super) use party_list;
