#include "password/kdf/sum.h"

#include <algorithm>
#include <utility>

namespace gatehouse::password {
namespace {

class Sum final : public Kdf {
 public:
  explicit Sum(std::vector<KdfPointer> parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    constexpr auto kMost = std::chrono::nanoseconds::max();
    Cost all;
    for (const KdfPointer& part : parts_) {
      const Cost one = part->cost(password_bytes);
      all.time = one.time > kMost - all.time ? kMost : all.time + one.time;
      all.memory_bytes = std::max(all.memory_bytes, one.memory_bytes);
    }
    return all;
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    std::vector<KdfPointer> less;
    for (const KdfPointer& each : parts_) {
      if (auto smaller = each->part(share)) less.push_back(std::move(smaller));
    }
    return less.empty() ? nullptr : make_sum(std::move(less));
  }
  [[nodiscard]] std::string parameters() const override {
    std::string all;
    for (const KdfPointer& part : parts_) {
      all.append(all.empty() ? "" : " and ").append(part->parameters());
    }
    return all;
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    std::string all;
    for (const KdfPointer& part : parts_) all += part->derive(password, salt, length);
    return all;
  }

 private:
  const std::vector<KdfPointer> parts_;
};

}  // namespace

KdfPointer make_sum(std::vector<KdfPointer> parts) {
  return std::make_shared<Sum>(std::move(parts));
}

}  // namespace gatehouse::password
