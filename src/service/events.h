#pragma once
// What happens, told to the browsers that listen: here, and through the other processes of the office
// (docs/adr/0020). A browser hears of a case only while its person may know that it exists.

#include <base/time.h>
#include <http/stream.h>
#include <store/bell.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace service {

class Core;
struct Who;

class Events {
 public:
  // `bell`: to the other processes; none: there are no others.
  Events(Core& core, std::unique_ptr<store::Bell> bell);

  void listen(const Who& who, std::shared_ptr<http::EventStream> stream);
  void tell_person(std::int64_t person, std::string_view event, const std::string& data);
  // How far the processing of a case is, as JSON; `over`: this was the last word.
  void processing(const std::string& case_id, const std::string& json, bool over);
  std::string processing_of(std::string_view case_id);  // empty: nothing is being processed

  // Between processes alone: something that others may have read is another now.
  void changed(std::string_view what);
  // `f` is called when another process says so, and whenever it may have been missed.
  void on_change(std::string what, std::function<void()> f);

  void hear(const std::atomic<bool>& stop);  // the others, until then

 private:
  struct Word {
    std::string event, data, case_id;
    std::int64_t person = 0;
    bool over = false;
  };
  void tell(const Word& w);
  void deliver(const Word& w);
  void heard(std::string_view text);
  struct Listener {
    std::int64_t person;
    std::string session;
    std::weak_ptr<http::EventStream> stream;
  };
  struct Processing {
    std::string json;
    double told = 0;
    bool here = false;
  };
  Core& core_;
  const std::string self_;  // by which this process knows its own words
  const std::unique_ptr<store::Bell> bell_;
  std::mutex mutex_;
  std::vector<Listener> listeners_;
  std::map<std::string, Processing, std::less<>> processing_;
  std::vector<std::pair<std::string, std::function<void()>>> on_change_;
};

}  // namespace service
