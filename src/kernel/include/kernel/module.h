#pragma once
// A module is a value: a name and a function that says what it brings. Nothing registers itself before main;
// main shows the whole building.

#include <record/text.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel {

// What breaks a rule, in words for the person who broke it; nothing when all is well.
using Violation = std::optional<std::string>;

// An operation is what a program may ask of the house; the command line is made of them, and the web will be.
struct Operation {
  std::string_view name, summary;
};

class Registrar {
 public:
  template <record::Described T>
  void record() {
    static_assert(::record::complete<T>(), "a member is not described, or a number is used twice");
    shapes.push_back(&::record::shape<T>);
  }
  template <record::Described T>
  void rule(Violation (*says)(const T&)) {
    rules[&::record::shape<T>].push_back([says](const void* r) { return says(*static_cast<const T*>(r)); });
  }
  void job(std::string_view kind) { jobs.push_back(kind); }
  void operation(Operation o) { operations.push_back(o); }
  // What is wrong with the house as brought: names used twice, rules for records nobody brought. Empty:
  // nothing.
  std::vector<std::string> faults() const;
  std::string lock() const;  // the committed picture of all records: shape.lock

  std::vector<const ::record::Shape*> shapes;
  std::map<const ::record::Shape*, std::vector<std::function<Violation(const void*)>>> rules;
  std::vector<std::string_view> jobs;
  std::vector<Operation> operations;
};

struct Module {
  std::string_view name;
  void (*bring)(Registrar&);
};

}  // namespace kernel
