# Ord som andre tekster bruker.
date = { $day }. { $month ->
     [1] januar
     [2] februar
     [3] mars
     [4] april
     [5] mai
     [6] juni
     [7] juli
     [8] august
     [9] september
     [10] oktober
     [11] november
    *[12] desember
    } { $year }
municipality-number = { $name } i { $county } har { $number }
or = eller
verbatim = { $text }
problems-page = Koder for problemer
problems-page-intro = Hvert svar med en feil har en av disse kodene. En kode skifter aldri betydning.
problems-page-code = Kode
problems-page-status = Status
problems-page-meaning = Betydning
