#pragma once
// What the office keeps of labels, purposes, break-glass, second persons, recovery and alarms. Each is a
// record that changes through Book::write, so its row in the ledger commits with it. Times: seconds since
// 1970 UTC; 0 is "not yet".

#include <kernel/module.h>
#include <record/describe.h>
#include <store/sql.h>

#include <cstdint>
#include <string>

namespace service {

// The label of a case; a case without one has Limits::case_class and no walls.
struct CaseLabel {
  std::string case_id, classification;
  std::string compartments;  // JSON array of ids of compartments
  std::int64_t version{};    // for If-Match
};

struct Compartment {
  std::string id;         // random
  std::int64_t number{};  // in rights::Compartments; given once
  std::string name;
};
// A person within a compartment.
struct Admission {
  std::string id;  // "<person> <compartment>"
  std::int64_t person{};
  std::string compartment;
};

// Why a person works in a case, for one session.
struct ChosenPurpose {
  std::string id;  // "<session> <case>"
  std::string session, case_id, purpose, reason;
  std::int64_t until{};
};

struct Glass {  // a break-glass
  std::string id;
  std::int64_t person{};
  std::string case_id, purpose, reason;
  std::int64_t opened{}, proved{};
  std::int64_t reviewed{}, reviewer{};
  bool justified{};
  std::string note;  // of the reviewer
};

// The request for a second person, and what they said.
struct ApprovalRequest {
  std::string id;
  std::string act, kind, object, case_id;
  std::string what;  // JSON: what exactly; the approval holds for this and nothing else
  std::int64_t requester{};
  std::string reason;
  std::int64_t asked{};
  std::string state;  // waiting, approved, refused, withdrawn, spent
  std::int64_t approver{}, decided{};
  std::string note;
};

struct Recovery {  // of the sign-in of a person who lost every key
  std::string id;
  std::int64_t person{}, requester{};
  std::string reason;
  std::int64_t asked{};
  std::string state;  // waiting, cooling, withdrawn, done
  std::int64_t approver{}, approved{};
};

// What is told at once to those who must know of it.
struct Alarm {
  std::string id;
  std::int64_t person{};       // who is told
  std::string kind;            // break_glass, glass_reviewed, recovery_asked, ...
  std::string about, case_id;  // code of the person it is about; the case, or empty
  std::string object;          // id of the break-glass or recovery
  std::int64_t at{}, seen{};
};

void register_rights(kernel::Registrar& house);
std::vector<store::Migration> rights_steps();

}  // namespace service

#define RIGHTS_FIELD(Record, number, member, label) \
  record::field<&service::Record::member>(number, #member, label)

template <>
inline constexpr auto record::description<service::CaseLabel> = record::describe(
    "case_label", RIGHTS_FIELD(CaseLabel, 1, case_id, "Case").as_key(),
    RIGHTS_FIELD(CaseLabel, 2, classification, "Class"),
    RIGHTS_FIELD(CaseLabel, 3, compartments, "Compartments"), RIGHTS_FIELD(CaseLabel, 4, version, "Version"));
template <>
inline constexpr auto record::description<service::Compartment> = record::describe(
    "compartment", RIGHTS_FIELD(Compartment, 1, id, "Id").as_key(),
    RIGHTS_FIELD(Compartment, 2, number, "Number").with_index(), RIGHTS_FIELD(Compartment, 3, name, "Name"));
template <>
inline constexpr auto record::description<service::Admission> =
    record::describe("admission", RIGHTS_FIELD(Admission, 1, id, "Id").as_key(),
                     RIGHTS_FIELD(Admission, 2, person, "Person").with_index(),
                     RIGHTS_FIELD(Admission, 3, compartment, "Compartment"));
template <>
inline constexpr auto record::description<service::ChosenPurpose> = record::describe(
    "chosen_purpose", RIGHTS_FIELD(ChosenPurpose, 1, id, "Id").as_key(),
    RIGHTS_FIELD(ChosenPurpose, 2, session, "Session").with_index(),
    RIGHTS_FIELD(ChosenPurpose, 3, case_id, "Case"), RIGHTS_FIELD(ChosenPurpose, 4, purpose, "Purpose"),
    RIGHTS_FIELD(ChosenPurpose, 5, reason, "Reason"), RIGHTS_FIELD(ChosenPurpose, 6, until, "Until"));
template <>
inline constexpr auto record::description<service::Glass> = record::describe(
    "break_glass", RIGHTS_FIELD(Glass, 1, id, "Id").as_key(),
    RIGHTS_FIELD(Glass, 2, person, "Person").with_index(), RIGHTS_FIELD(Glass, 3, case_id, "Case"),
    RIGHTS_FIELD(Glass, 4, purpose, "Purpose"), RIGHTS_FIELD(Glass, 5, reason, "Reason"),
    RIGHTS_FIELD(Glass, 6, opened, "Opened"), RIGHTS_FIELD(Glass, 7, proved, "Proved"),
    RIGHTS_FIELD(Glass, 8, reviewed, "Reviewed"), RIGHTS_FIELD(Glass, 9, reviewer, "Reviewer"),
    RIGHTS_FIELD(Glass, 10, justified, "Justified"), RIGHTS_FIELD(Glass, 11, note, "Note"));
template <>
inline constexpr auto record::description<service::ApprovalRequest> = record::describe(
    "approval", RIGHTS_FIELD(ApprovalRequest, 1, id, "Id").as_key(),
    RIGHTS_FIELD(ApprovalRequest, 2, act, "Act"), RIGHTS_FIELD(ApprovalRequest, 3, kind, "Kind"),
    RIGHTS_FIELD(ApprovalRequest, 4, object, "Object"), RIGHTS_FIELD(ApprovalRequest, 5, case_id, "Case"),
    RIGHTS_FIELD(ApprovalRequest, 6, what, "What"),
    RIGHTS_FIELD(ApprovalRequest, 7, requester, "Requester").with_index(),
    RIGHTS_FIELD(ApprovalRequest, 8, reason, "Reason"), RIGHTS_FIELD(ApprovalRequest, 9, asked, "Asked"),
    RIGHTS_FIELD(ApprovalRequest, 10, state, "State").with_index(),
    RIGHTS_FIELD(ApprovalRequest, 11, approver, "Approver"),
    RIGHTS_FIELD(ApprovalRequest, 12, decided, "Decided"), RIGHTS_FIELD(ApprovalRequest, 13, note, "Note"));
template <>
inline constexpr auto record::description<service::Recovery> = record::describe(
    "recovery", RIGHTS_FIELD(Recovery, 1, id, "Id").as_key(),
    RIGHTS_FIELD(Recovery, 2, person, "Person").with_index(),
    RIGHTS_FIELD(Recovery, 3, requester, "Requester"), RIGHTS_FIELD(Recovery, 4, reason, "Reason"),
    RIGHTS_FIELD(Recovery, 5, asked, "Asked"), RIGHTS_FIELD(Recovery, 6, state, "State"),
    RIGHTS_FIELD(Recovery, 7, approver, "Approver"), RIGHTS_FIELD(Recovery, 8, approved, "Approved"));
template <>
inline constexpr auto record::description<service::Alarm> = record::describe(
    "alarm", RIGHTS_FIELD(Alarm, 1, id, "Id").as_key(), RIGHTS_FIELD(Alarm, 2, person, "Told").with_index(),
    RIGHTS_FIELD(Alarm, 3, kind, "Kind"), RIGHTS_FIELD(Alarm, 4, about, "About"),
    RIGHTS_FIELD(Alarm, 5, case_id, "Case"), RIGHTS_FIELD(Alarm, 6, object, "Object"),
    RIGHTS_FIELD(Alarm, 7, at, "At"), RIGHTS_FIELD(Alarm, 8, seen, "Seen"));

#undef RIGHTS_FIELD
