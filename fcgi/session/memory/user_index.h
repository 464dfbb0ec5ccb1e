/// The session map's users by id. Private to session/.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

// GCC 14 does not see that equal_range() uses a bucket's number only where it has found one.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <boost/intrusive/unordered_set.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#include "session/session.h"

namespace gatehouse::session {

/// Finds users by their id, of which several may have the same one under different names. It is
/// intrusive: a user costs the hook in the object and one to two buckets, 16 to 24 bytes (computed
/// from the pointers), where std::unordered_multimap with a copy of the id takes 75 (measured with
/// a million). It grows as it fills, and neither owns nor copies users. Not thread-safe.
class UserIndex {
  struct IdOf {
    using type = user::UserId;
    const type& operator()(const SessionUser& user) const noexcept { return user.id; }
  };
  using Set = boost::intrusive::unordered_multiset<
      SessionUser, boost::intrusive::key_of_value<IdOf>, boost::intrusive::hash<user::UserId::Hash>,
      boost::intrusive::power_2_buckets<true>, boost::intrusive::constant_time_size<true>>;
  using Bucket = Set::bucket_type;

 public:
  UserIndex() : buckets_(kFewest), set_({buckets_.data(), buckets_.size()}) {}
  UserIndex(const UserIndex&) = delete;
  UserIndex& operator=(const UserIndex&) = delete;
  ~UserIndex() { set_.clear(); }

  /// The first user of that id for whom `is_meant` holds; null if there is none.
  template <class IsMeant>
  [[nodiscard]] SessionUser* find_if(const user::UserId& id, const IsMeant& is_meant) {
    const auto [begin, end] = set_.equal_range(id);
    const auto found = std::find_if(begin, end, is_meant);
    return found == end ? nullptr : &*found;
  }
  template <class Visit>
  void for_each_of(const user::UserId& id, const Visit& visit) {
    const auto [begin, end] = set_.equal_range(id);
    std::for_each(begin, end, visit);
  }
  void insert(SessionUser& user) {
    if (set_.size() >= buckets_.size()) grow();
    set_.insert(user);
  }
  void erase(SessionUser& user) { set_.erase(set_.iterator_to(user)); }
  template <class Dispose>
  void clear_and_dispose(const Dispose& dispose) {
    set_.clear_and_dispose(dispose);
  }

  [[nodiscard]] auto begin() noexcept { return set_.begin(); }
  [[nodiscard]] auto end() noexcept { return set_.end(); }

 private:
  static constexpr std::size_t kFewest = 64;

  void grow() {
    std::vector<Bucket> more(2 * buckets_.size());
    set_.rehash({more.data(), more.size()});
    buckets_.swap(more);  // swaps the memory itself, so that the set's pointers into it stay good
  }

  std::vector<Bucket> buckets_;
  Set set_;
};

}  // namespace gatehouse::session
