use std::collections::BTreeSet;

use super::*;
use crate::domain::values::text::Code;

#[test]
fn tasks_have_names_of_their_own_and_are_found_by_them() {
    let names: BTreeSet<_> = Task::ALL.iter().map(|task| task.as_str()).collect();
    assert_eq!(names.len(), Task::ALL.len());
    for task in Task::ALL {
        assert!(Code::parse(task.as_str()).is_ok(), "{}", task.as_str());
        assert_eq!(Task::named(task.as_str()), Some(*task));
    }
    assert_eq!(Task::named("decide-by-itself"), None);
}
