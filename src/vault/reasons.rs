//! Why a file is not accepted, as keys of the catalogue of words.

use crate::domain::message::messages;

messages! {
    key BOMB() = "content-not-allowed.bomb";
    key CONTAINER() = "content-not-allowed.container";
    key DAMAGED() = "content-not-allowed.damaged";
    key EMPTY() = "content-not-allowed.empty";
    key ENCRYPTED() = "content-not-allowed.encrypted";
    key FETCHES() = "content-not-allowed.fetches";
    key HIDDEN() = "content-not-allowed.hidden";
    key MACROS() = "content-not-allowed.macros";
    key PDF() = "content-not-allowed.pdf";
    key PNG() = "content-not-allowed.png";
    key TEMPLATE() = "content-not-allowed.template";
    key TOO_MANY_PARTS() = "content-not-allowed.too-many-parts";
    key TYPE() = "content-not-allowed.type";
}
