#pragma once
// Many names, and those of them that are like one: exactly the names whose comparison reaches the least score
// (names/name.h). A word that is asked for is compared with every different word there is, along a tree of
// their sounds; what nobody could reach any more is left.

#include <names/name.h>

#include <memory>

namespace names {

class Index {
 public:
  explicit Index(const Speller& speller);
  ~Index();
  Index(Index&&) noexcept;
  Index& operator=(Index&&) noexcept;

  // All names of an owner, in the place of earlier ones; none: it is forgotten.
  void put(std::uint32_t owner, const std::vector<Name>& all);

  struct Found {
    std::uint32_t owner = 0;
    std::uint32_t place = 0;  // of the best name among those of the owner
    double score = 0;
    bool operator==(const Found&) const = default;
  };
  // Each owner once, the best first, of equals the lower number. Many threads may ask at once, none while
  // another puts.
  std::vector<Found> find(const Name& asked) const;

  std::size_t names() const, bytes() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> in_;
};

}  // namespace names
