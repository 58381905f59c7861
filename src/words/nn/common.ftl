# Ord som andre tekstar bruker.
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
problems-page = Kodar for problem
problems-page-intro = Kvart svar med ein feil har ein av desse kodane. Ein kode skiftar aldri tyding.
problems-page-code = Kode
problems-page-status = Status
problems-page-meaning = Tyding
