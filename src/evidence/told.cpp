#include "told.h"

namespace evidence {

Gatherer::~Gatherer() { abandon(); }

void Gatherer::start(Told& root) {
  stack_.assign(1, &root);
  part_ = nullptr;
  waiting_bytes_ = 0;
}
void Gatherer::abandon() {
  if (streaming_) appender_.abandon();
  if (part_) hasher_.finish();
  streaming_ = false;
  part_ = nullptr;
}

void Gatherer::meta(std::string_view k, std::string_view v) {
  if (top().metas.size() < 20'000) top().metas.emplace_back(k, v);
}
bool Gatherer::text(std::string_view t) {
  top().text += t;
  return true;
}
void Gatherer::next_page() {
  top().text += '\f';
  ++top().pages;
}
void Gatherer::finding(extract::Reason r, std::string_view d) {
  if (top().findings.size() < 1000) top().findings.emplace_back(extract::name_of(r), d);
}
void Gatherer::derived(std::string_view k, std::string_view b) {
  auto& list = top().derived;
  if (!list.empty() && list.back().first == k)
    list.back().second += b;
  else
    list.emplace_back(k, b);
}
void Gatherer::machine(std::string_view e, std::string_view v, std::string_view p) {
  top().machine = std::string(e) + " " + std::string(v) + " " + std::string(p);
}
void Gatherer::expect(std::uint64_t n) {
  top().expects = true;
  top().expected = n;
}

Told& Gatherer::add(const extract::PartInfo& i) {
  top().parts.push_back(std::make_unique<Told>());
  top().parts.back()->info = i;
  return *top().parts.back();
}
bool Gatherer::begin_part(const extract::PartInfo& i) {
  part_ = &add(i);
  part_->has_bytes = true;
  part_->bytes = std::make_shared<std::string>();
  return true;
}
bool Gatherer::part_bytes(std::string_view b) {
  hasher_.add(b);
  part_->size += b.size();
  if (!streaming_ && part_->size > kSmall) {
    appender_.begin();
    appender_.add(*part_->bytes);
    part_->bytes.reset();
    streaming_ = true;
  }
  if (streaming_)
    appender_.add(b);
  else
    part_->bytes->append(b);
  return true;
}
void Gatherer::close_part() {
  part_->sha256 = hasher_.finish();
  if (streaming_) {
    part_->place = appender_.finish();
    if (const std::optional<store::Place> there = known_(part_->sha256)) {
      appender_.take_back(part_->place);
      part_->place = *there;
    }
  } else {
    waiting_bytes_ += part_->size;
  }
  streaming_ = false;
  part_ = nullptr;
}
void Gatherer::end_part() {
  close_part();
  maybe_send();
}
void Gatherer::fail_part(extract::Reason r, std::string_view d) {
  part_->failure = extract::name_of(r);
  part_->failure_detail = d;
  // What came before the failure is kept: half a file is evidence too. A bomb's filling is not.
  if (part_->size == 0 || r == extract::Reason::bomb) {
    if (streaming_) appender_.abandon();
    hasher_.finish();
    streaming_ = false;
    part_->has_bytes = false;
    part_->bytes.reset();
    part_ = nullptr;
  } else {
    close_part();
  }
  maybe_send();
}
void Gatherer::lost_part(const extract::PartInfo& i, extract::Reason r, std::string_view d) {
  Told& t = add(i);
  t.failure = extract::name_of(r);
  t.failure_detail = d;
  maybe_send();
}
bool Gatherer::begin_item(const extract::PartInfo& i) {
  Told& t = add(i);
  t.item = true;
  stack_.push_back(&t);
  return true;
}
void Gatherer::end_item() {
  waiting_bytes_ += top().text.size() + 500;
  stack_.pop_back();
  maybe_send();
}
// Finished parts of the item itself may be taken away while it is still read.
void Gatherer::maybe_send() {
  if (!parts_waiting_ || stack_.size() != 1 || (top().parts.size() < 400 && waiting_bytes_ < (8u << 20)))
    return;
  parts_waiting_(top());
  top().parts_sent += top().parts.size();
  top().parts.clear();
  waiting_bytes_ = 0;
}

}  // namespace evidence
