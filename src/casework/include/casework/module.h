#pragma once
// What casework needs beyond its declarations (data/kinds/casework): the proof matrix, and the rules that
// look at more than one record.

#include <kinds/records.h>

namespace casework {

// Refused before they are written: a proposition, or the rating of an element, whose element belongs to
// another crime than its count or whose mode its count does not charge; tasks of a plan that wait for one
// another; a count under a crime that cannot be charged, that comes from itself, or whose outcome belongs to
// another stage; the vote of who is no member of the review, has a conflict or has voted; a review of another
// person; two scores of one assessor under one criterion. A review that is frozen keeps the matrix and its
// hash; the weighted score of a prioritisation is worked out; a rating that falls says from where and since
// when; products go to the Gender and Children Unit by rule and wait for the changes that it requires; an
// edition of the manual is acknowledged by whoever has read it, once.
void bring(kinds::Records& records);

// The matrix of a person in a case, of one count, or as a review froze it: docs/formats/records.md.
// `standard`: of the ratings that count; empty: of all. In the ledger before it is given. Refuses: not_found.
base::Result<boost::json::object> matrix(kinds::Records& records, const kinds::Asker& who,
                                         std::string_view code, std::string_view standard);

// The same as an in-depth analysis chart: a line for each link, and for each element without one.
struct Chart {
  std::string title, code;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};
Chart chart_of(const boost::json::object& matrix, bool french);

// When the tasks of a plan can happen, which of them decide its end, and by when it will probably be done, by
// how long the tasks of all plans took that the person may read: docs/formats/records.md. In the ledger
// before it is given. Refuses: not_found, invalid (what is wrong with the tasks).
base::Result<boost::json::object> schedule(kinds::Records& records, const kinds::Asker& who,
                                           std::string_view code, std::int64_t today);

// The prioritisations that the person may read, of one case or of all (empty), in their order by the weights
// of the vocabulary priority_criterion, and how much of the order is the weights': docs/formats/records.md.
// Those without a score under every criterion are named apart. In the ledger before it is given. Refuses:
// invalid (a vocabulary).
base::Result<boost::json::object> ranking(kinds::Records& records, const kinds::Asker& who,
                                          std::string_view case_id, std::int64_t today);
Chart ranking_chart(const boost::json::object& ranking, bool french);  // a line a case

// The operations manual as it is in force, with who has read the edition and who was trained for the chapter,
// of those whom it concerns: docs/formats/records.md. `tells_who`: the names of those who have not. In the
// ledger before it is given.
using Staff = kinds::Surroundings::Person;
base::Result<boost::json::object> manual(kinds::Records& records, const kinds::Asker& who,
                                         const std::vector<Staff>& staff, bool tells_who, std::int64_t today);

// What the office has made public of its warrants (`public_on`), of what the person may read: no codes, no
// numbers of what is left out. A person, a name, a situation or a count whose own label is above that of its
// case is left out whoever asks. In the ledger before it is given.
using LabelOfCase = std::function<rights::Label(std::string_view case_id)>;
base::Result<boost::json::object> public_warrants(kinds::Records& records, const kinds::Asker& who,
                                                  std::int64_t today, const LabelOfCase& label_of);
Chart public_chart(const boost::json::object& view, bool french);  // a line a person

}  // namespace casework
