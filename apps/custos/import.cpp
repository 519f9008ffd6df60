// custos import: records of a declared kind from a table, for scripts and for what an office brings along.
#include "answer.h"

#include <base/handle.h>
#include <base/json.h>
#include <casework/module.h>
#include <kinds/records.h>
#include <protection/module.h>

namespace cli {
namespace {

// Who runs the program on the machine itself is asked for nothing (SECURITY: whoever has home and keys).
kinds::Asker machine(const evidence::Office& office) {
  kinds::Asker a;
  a.code = office.actor();
  a.person = a.code.size() > 2 ? std::atoll(a.code.c_str() + 2) : 0;
  a.item = [](std::string_view) { return true; };
  a.decide = [](const kinds::Asked&) {
    rights::Decision d;
    d.allowed = true, d.fields = ~std::uint64_t{0};
    return d;
  };
  return a;
}

}  // namespace

int run_import(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  const evidence::CaseName in = OR_REFUSE(office->find_case(a.get("--case")));
  if (!base::file_exists(a.words[1]))
    return refuse({base::Refusal::not_found, "there is no file " + a.words[1]});
  const std::string csv = base::read_file(a.words[1]);
  const rights::Policy policy = OR_REFUSE(rights::Policy::parse(rights::shipped_policy()));
  kinds::Surroundings around;
  around.seal = [&](std::string_view purpose, std::string_view secret) {
    return office->seal(purpose, secret);
  };
  around.unseal = [&](std::string_view purpose, std::string_view sealed) {
    return office->unseal(purpose, sealed);
  };
  around.staff = [&] {
    std::vector<kinds::Surroundings::Person> out;
    for (const evidence::User& u : office->users())
      out.push_back({u.code.size() > 2 ? std::atoll(u.code.c_str() + 2) : 0, u.code, u.name, {}});
    return out;
  };
  around.cases = [&] {
    std::vector<kinds::Surroundings::Case> out;
    for (const evidence::CaseName& c : office->case_names()) out.push_back({c.id, c.code, c.title});
    return out;
  };
  const kernel::Registrar house;
  kernel::Desk desk(office->records(), house, base::system_clock());
  const auto records = OR_REFUSE(kinds::Records::open(desk, OR_REFUSE(kinds::Declared::shipped(policy)),
                                                      base::system_clock(), std::move(around)));
  protection::bring(*records);
  casework::bring(*records);
  const bool check = a.has("--check");
  const boost::json::object told = OR_REFUSE(records->import(
      machine(*office), a.words[0], csv, {in.id, check, a.has("--good-only"), a.has("--decimal-comma")}));
  OR_REFUSE(office->checkpoint());
  const std::size_t added = told.at("added").get_array().size();
  const auto wrong = told.at("wrong").to_number<std::int64_t>();
  if (a.has("--json")) {
    print(boost::json::serialize(told) + "\n");
  } else {
    std::string out = std::to_string(told.at("lines").to_number<std::int64_t>()) + " lines, " +
                      std::to_string(told.at("good").to_number<std::int64_t>()) + " good; " +
                      (check ? "nothing was to be written\n" : std::to_string(added) + " records added\n");
    for (const auto& e : told.at("errors").get_array())
      out += "line " + std::to_string(e.at("line").to_number<std::int64_t>()) + ": " +
             (e.at("field").is_string() ? std::string(e.at("field").get_string()) + " " : std::string()) +
             std::string(e.at("message").at("en").get_string()) + "\n";
    print(out);
  }
  return wrong ? kRefused : kWell;
}

}  // namespace cli
