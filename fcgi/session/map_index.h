/// Intrusive hash index of the session map. Private to session/.
#pragma once

#include <boost/intrusive/unordered_set.hpp>
#include <cstddef>
#include <memory>
#include <vector>

namespace gatehouse::session {

/// Objects by a key of theirs; grows as it fills. `Traits` has `Key`, `key(object)` and
/// `hash(key)`. Objects are neither owned nor copied. Not thread-safe.
template <class Object, class Traits>
class MapIndex {
  using Key = typename Traits::Key;
  struct KeyOf {
    using type = Key;
    type operator()(const Object& object) const noexcept { return Traits::key(object); }
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept { return Traits::hash(key); }
  };
  using Set = boost::intrusive::unordered_set<
      Object, boost::intrusive::key_of_value<KeyOf>, boost::intrusive::hash<Hash>,
      boost::intrusive::power_2_buckets<true>, boost::intrusive::constant_time_size<true>>;
  using Bucket = typename Set::bucket_type;

 public:
  MapIndex() : buckets_(kFewest), set_({buckets_.data(), buckets_.size()}) {}
  MapIndex(const MapIndex&) = delete;
  MapIndex& operator=(const MapIndex&) = delete;
  ~MapIndex() { set_.clear(); }

  [[nodiscard]] Object* find(const Key& key) {
    const auto found = set_.find(key);
    return found == set_.end() ? nullptr : &*found;
  }
  void insert(Object& object) {
    if (2 * set_.size() >= buckets_.size()) grow();  // half full: hardly a chain to walk
    set_.insert(object);
  }
  void erase(Object& object) { set_.erase(set_.iterator_to(object)); }
  template <class Dispose>
  void clear_and_dispose(const Dispose& dispose) {
    set_.clear_and_dispose(dispose);
  }
  [[nodiscard]] std::size_t size() const noexcept { return set_.size(); }

  [[nodiscard]] auto begin() const noexcept { return set_.begin(); }
  [[nodiscard]] auto end() const noexcept { return set_.end(); }

 private:
  static constexpr std::size_t kFewest = 64;

  void grow() {
    std::vector<Bucket> more(2 * buckets_.size());
    set_.rehash({more.data(), more.size()});
    buckets_.swap(more);  // vectors swap their memory: what the set points to stays
  }

  std::vector<Bucket> buckets_;
  Set set_;
};

}  // namespace gatehouse::session
