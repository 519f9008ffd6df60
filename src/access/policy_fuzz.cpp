#include <access/policy.h>
#include <base/result.h>

// Any bytes are a policy or are refused with a place and words; a policy that is taken keeps the law of the
// house.
using rights::Act;
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto p = rights::Policy::parse({reinterpret_cast<const char*>(data), size});
  if (!p.ok()) {
    CHECK(!p.error().message.empty() &&
          (p.error().why == base::Refusal::invalid || p.error().why == base::Refusal::exhausted));
    return 0;
  }
  CHECK(!rights::sees_everything(*p));
  for (const Act a : {Act::reveal, Act::erase, Act::downgrade, Act::grant, Act::change_policy, Act::unseal})
    CHECK(p->rule(a).second_person == rights::Classification::public_ && p->rule(a).step_up);
  for (std::size_t r = 0; r < p->roles().size(); ++r)
    for (std::size_t k = 0; k < p->kinds().size(); ++k)
      CHECK(!p->roles()[r].administers || !p->kinds()[k].content ||
            !(rights::sees(*p, static_cast<rights::Kind>(k)) >> r & 1));
  return 0;
}
