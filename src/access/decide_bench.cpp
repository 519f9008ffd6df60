// Prints what a decision costs, beside one SHA-256 of 64 bytes in the same run: figures of machines differ,
// the ratio less so.
#include <access/decide.h>
#include <base/time.h>

#include <cstdio>

namespace rights {
namespace {

void run() {
  const Policy policy = Policy::parse(shipped_policy()).value();
  const Time now = 1'900'000'000;
  std::vector<Assignment> assignments;
  for (std::uint64_t c = 1; c <= 20; ++c) assignments.push_back({c, now + 100});
  const Subject who{.person = 1,
                    .organ = 1,
                    .roles = *policy.role("investigator") | *policy.role("duty_officer"),
                    .clearance = Classification::secret,
                    .compartments = {{7}},
                    .assignments = assignments,
                    .conflicts = std::span<const std::uint64_t>{},
                    .sign_in = SignIn::passkey,
                    .stepped_up = now,
                    .epoch = 1};
  Object what{.kind = policy.kind("item"),
              .id = 5,
              .case_id = 20,
              .author = 9,
              .label = Label{Classification::confidential, {{3}}},
              .held = false,
              .embargo_until = 0,
              .fields = 0xff,
              .sensitive = 0x80,
              .epoch = 1};
  const Request ask{.act = Act::read,
                    .now = now,
                    .purpose = Purpose{*policy.purpose("investigation"), 20, now + 100, true}};
  const auto& clock = base::system_clock();
  constexpr int kTimes = 5'000'000;
  std::uint64_t allowed = 0;
  double began = clock.seconds();
  for (int i = 0; i < kTimes; ++i) {
    what.case_id = i % 8 ? 20 : 21;  // some are denied
    allowed += decide(policy, who, what, ask).allowed;
  }
  const double decision = (clock.seconds() - began) / kTimes * 1e9;
  std::string block(64, 'x');
  unsigned char sum = 0;
  began = clock.seconds();
  for (int i = 0; i < kTimes; ++i) {
    block[0] = static_cast<char>(i);
    sum = static_cast<unsigned char>(sum ^ base::sha256(block)[0]);
  }
  const double hash = (clock.seconds() - began) / kTimes * 1e9;
  std::printf("decision %.0f ns, %.1f million/s; SHA-256 of 64 bytes %.0f ns; ratio %.2f (%lu allowed, %d)\n",
              decision, 1e3 / decision, hash, decision / hash, allowed, sum);
}

}  // namespace
}  // namespace rights

int main() { rights::run(); }
