#include <base/mixed.h>
#include <base/text.h>
#include <casework/plan.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <unordered_map>

namespace casework {
namespace {

using base::Refusal;

std::size_t drawn(std::uint64_t state, std::size_t n) {  // the high half of a product: each of n as likely
  return static_cast<std::size_t>(((base::mixed(state) >> 32) * n) >> 32);
}

struct Waits {
  std::unordered_map<std::string, std::uint32_t> place;  // of a code
  std::vector<std::vector<std::uint32_t>> before, behind;
  std::vector<std::uint32_t> order;  // each behind what it waits for; what is in a circle is missing
};
Waits waits_of(const std::vector<PlanTask>& tasks) {
  Waits w;
  for (std::uint32_t i = 0; i < tasks.size(); ++i) w.place.emplace(tasks[i].code, i);
  w.before.resize(tasks.size()), w.behind.resize(tasks.size());
  std::vector<std::uint32_t> left(tasks.size(), 0);
  for (std::uint32_t i = 0; i < tasks.size(); ++i)
    for (const std::string& code : tasks[i].after)
      if (const auto at = w.place.find(code); at != w.place.end())
        w.before[i].push_back(at->second), w.behind[at->second].push_back(i), ++left[i];
  for (std::uint32_t i = 0; i < tasks.size(); ++i)
    if (left[i] == 0) w.order.push_back(i);
  for (std::size_t k = 0; k < w.order.size(); ++k)
    for (const std::uint32_t next : w.behind[w.order[k]])
      if (--left[next] == 0) w.order.push_back(next);
  return w;
}
std::vector<std::string> missing_in(const Waits& w, const std::vector<PlanTask>& tasks) {
  std::vector<bool> placed(tasks.size(), false);
  for (const std::uint32_t i : w.order) placed[i] = true;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    if (!placed[i]) out.push_back(tasks[i].code);
  return out;
}

}  // namespace

std::vector<std::string> circle_of(const std::vector<PlanTask>& tasks) {
  return missing_in(waits_of(tasks), tasks);
}

base::Result<Plan> Plan::of(std::vector<PlanTask> tasks) {
  Waits w = waits_of(tasks);
  for (std::uint32_t i = 0; i < tasks.size(); ++i)
    if (w.place.at(tasks[i].code) != i)
      return base::Error{Refusal::invalid, "the code \"" + tasks[i].code + "\" stands for two tasks"};
  for (const PlanTask& t : tasks)
    for (const std::string& code : t.after)
      if (!w.place.contains(code))
        return base::Error{Refusal::invalid,
                           "the task \"" + t.code + "\" comes after \"" + code + "\", which is not there"};
  if (w.order.size() < tasks.size())
    return base::Error{Refusal::invalid, "these tasks wait for one another, or for some that do: " +
                                             base::join(missing_in(w, tasks), ", ")};
  Plan p;
  p.tasks_ = std::move(tasks), p.order_ = std::move(w.order);
  p.before_ = std::move(w.before), p.behind_ = std::move(w.behind);
  return p;
}

Plan::Schedule Plan::schedule(std::int64_t today) const {
  Schedule out;
  out.places.resize(tasks_.size());
  out.ends = tasks_.empty() ? today : std::numeric_limits<std::int64_t>::min();
  for (const std::uint32_t i : order_) {
    const PlanTask& t = tasks_[i];
    Place& at = out.places[i];
    if (t.ended) {
      at.ends = *t.ended, at.begins = t.began.value_or(*t.ended - std::max<std::int64_t>(t.days - 1, 0));
    } else if (t.began) {
      at.begins = *t.began, at.ends = std::max(at.begins + t.days - 1, today);
    } else {
      at.begins = std::max(today, t.not_before.value_or(today));
      for (const std::uint32_t b : before_[i]) at.begins = std::max(at.begins, out.places[b].ends + 1);
      at.ends = at.begins + t.days - 1;
    }
    out.ends = std::max(out.ends, at.ends);
  }
  // The latest end of each that moves nothing, from behind.
  std::vector<std::int64_t> latest(tasks_.size(), out.ends);
  for (auto k = order_.rbegin(); k != order_.rend(); ++k) {
    const std::uint32_t i = *k;
    for (const std::uint32_t next : behind_[i]) {
      const PlanTask& n = tasks_[next];
      if (n.ended || n.began) continue;  // it waits for nothing any more
      latest[i] = std::min(latest[i], latest[next] - n.days);
    }
    Place& at = out.places[i];
    at.slack = tasks_[i].ended ? 0 : latest[i] - at.ends;
    at.critical = !tasks_[i].ended && at.slack == 0;
  }
  return out;
}

base::Result<Plan::Forecast> Plan::forecast(std::int64_t today, const Past& past, std::uint32_t futures,
                                            std::uint64_t seed, unsigned threads) const {
  if (past.ratios.empty() ||
      std::ranges::any_of(past.ratios, [](double r) { return !(r > 0 && r < 1000); }) ||
      !(past.shared >= 0 && past.shared <= 1))
    return base::Error{Refusal::invalid, "a forecast needs ratios above 0 and a shared part from 0 to 1"};
  if (futures == 0) return base::Error{Refusal::invalid, "a forecast needs at least one future"};
  const std::size_t n = tasks_.size();
  std::vector<double> whole, own;
  for (const double r : past.ratios)
    whole.push_back(std::pow(r, past.shared)), own.push_back(std::pow(r, 1 - past.shared));

  // In the order of the work, side by side, so that a future is one pass over memory.
  enum class State : std::uint8_t { open, running, done };
  struct Step {
    float days, earliest, due;  // from today; what is running: `earliest` is its beginning
    std::uint32_t task, first, count;
    State state;
  };
  std::vector<Step> steps;
  std::vector<std::uint32_t> rank(n), before;
  for (std::uint32_t k = 0; k < n; ++k) rank[order_[k]] = k;
  const auto from_today = [&](std::int64_t day) { return static_cast<float>(day - today); };
  for (const std::uint32_t i : order_) {
    const PlanTask& t = tasks_[i];
    Step s{static_cast<float>(t.days),
           0,
           t.due ? from_today(*t.due) + 1 : std::numeric_limits<float>::infinity(),
           i,
           static_cast<std::uint32_t>(before.size()),
           0,
           State::open};
    if (t.ended)
      s.state = State::done, s.earliest = from_today(*t.ended) + 1;  // the day behind its end
    else if (t.began)
      s.state = State::running, s.earliest = from_today(*t.began);
    else {
      s.earliest = std::max(0.f, t.not_before ? from_today(*t.not_before) : 0.f);
      for (const std::uint32_t b : before_[i]) before.push_back(rank[b]);
    }
    s.count = static_cast<std::uint32_t>(before.size()) - s.first;
    steps.push_back(s);
  }

  struct Part {
    std::vector<std::uint32_t> late, decides;
  };
  threads = std::clamp(threads, 1u, 64u);
  std::vector<float> ends(futures);
  std::vector<Part> parts(threads);
  const auto work = [&](unsigned part) {
    Part& mine = parts[part];
    mine.late.assign(n, 0), mine.decides.assign(n, 0);
    std::vector<float> behind(n);           // the day behind the end of each step
    std::vector<std::uint32_t> because(n);  // the step it waited for; n: for none
    for (std::uint32_t f = part; f < futures; f += threads) {
      const std::uint64_t base = base::mixed(seed ^ (std::uint64_t{f} << 32));
      const double fate = whole[drawn(base, whole.size())];
      std::uint32_t last = static_cast<std::uint32_t>(n);
      float end = 0;
      for (std::uint32_t k = 0; k < n; ++k) {
        const Step& s = steps[k];
        std::uint32_t why = static_cast<std::uint32_t>(n);
        float at = s.earliest;
        if (s.state == State::done) {
          behind[k] = at, because[k] = why;
        } else {
          for (std::uint32_t b = s.first; b < s.first + s.count; ++b)
            if (behind[before[b]] > at) at = behind[before[b]], why = before[b];
          const double ratio = fate * own[drawn(base + 1 + s.task, own.size())];
          float over = at + static_cast<float>(s.days * ratio);
          if (s.state == State::running) over = std::max(over, 1.f);  // it has not ended before today
          behind[k] = over, because[k] = why;
          if (over > s.due + 0.5f) ++mine.late[s.task];
        }
        if (last == n || behind[k] > end) end = behind[k], last = k;
      }
      ends[f] = end;
      for (std::uint32_t k = last; k < n; k = because[k]) {
        if (steps[k].state == State::done) break;
        ++mine.decides[steps[k].task];
      }
    }
  };
  std::vector<std::thread> crew;
  for (unsigned part = 1; part < threads; ++part) crew.emplace_back(work, part);
  work(0);
  for (std::thread& t : crew) t.join();

  Forecast out;
  out.late.assign(n, 0), out.decides.assign(n, 0);
  for (const Part& part : parts)
    for (std::size_t i = 0; i < n; ++i) {
      out.late[i] += part.late[i] / static_cast<double>(futures);
      out.decides[i] += part.decides[i] / static_cast<double>(futures);
    }
  const auto quantile = [&](double q) {
    const auto at = ends.begin() + static_cast<std::ptrdiff_t>(std::ceil(q * futures)) - 1;
    std::nth_element(ends.begin(), at, ends.end());
    return today + static_cast<std::int64_t>(std::ceil(static_cast<double>(*at))) - 1;
  };
  if (n == 0) return out.end = {today, today, today}, out;
  out.end = {quantile(0.5), quantile(0.8), quantile(0.95)};
  return out;
}

}  // namespace casework
