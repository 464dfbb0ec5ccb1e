/// An array of fixed size, all zeros, whose memory is only taken once it is written.
///
/// The problem: a table of its full size at the start costs as much memory as if it were full,
/// since std::vector writes each element. But the system hands out large blocks as pages that are
/// zero by themselves and lie in memory only once something is written there (calloc(3), mmap(2)).
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace gatehouse {

/// `T` is a type whose initial value has zeros for all of its bytes. An array that
/// does not fit throws std::bad_alloc. As thread-safe as std::vector.
template <class T>
class ZeroedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  static_assert(alignof(T) <= alignof(std::max_align_t));

 public:
  explicit ZeroedArray(std::size_t size)
      : size_(size), elements_(static_cast<T*>(std::calloc(size, sizeof(T)))) {
    if (elements_ == nullptr && size > 0) throw std::bad_alloc();
  }
  ZeroedArray(const ZeroedArray&) = delete;
  ZeroedArray& operator=(const ZeroedArray&) = delete;
  ZeroedArray(ZeroedArray&&) = delete;
  ZeroedArray& operator=(ZeroedArray&&) = delete;
  ~ZeroedArray() = default;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] T* data() noexcept { return elements_.get(); }
  [[nodiscard]] T& operator[](std::size_t at) noexcept { return elements_.get()[at]; }
  [[nodiscard]] const T& operator[](std::size_t at) const noexcept { return elements_.get()[at]; }
  [[nodiscard]] std::span<T> all() noexcept { return {elements_.get(), size_}; }

 private:
  struct Free {
    void operator()(T* block) const noexcept { std::free(block); }
  };
  std::size_t size_;
  std::unique_ptr<T, Free> elements_;
};

}  // namespace gatehouse
