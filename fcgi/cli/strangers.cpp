#include "cli/strangers.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/hints.h"
#include "guard/count_keys.h"
#include "guard/limit.h"
#include "session/sessions.h"

namespace gatehouse::cli {

Result<std::uint64_t> failures_of_strangers(const config::Settings& settings, mysql::Pool& tables,
                                            user::MysqlUserDirectory& users,
                                            const user::Username& name,
                                            std::span<const user::User> rows) {
  const auto ring = session::KeyRing::load(settings.session.key_file);
  if (!ring) return tl::unexpected(ring.error());
  const auto name_key = users.name_key(name);
  if (!name_key) return tl::unexpected(name_key.error());
  const guard::CountKeys keys(ring->derive("guard").front());
  std::vector<guard::FailureKey> counts = {keys.of(guard::CountKind::strangers, *name_key)};
  for (const user::User& row : rows) {
    counts.push_back(keys.of(guard::CountKind::row, row.id.text()));
  }
  return session::most_failures(tables, counts);
}

std::string wait_text(std::chrono::seconds wait) {
  constexpr std::chrono::minutes kMinute{1};
  const bool whole = wait > kMinute && wait % kMinute == std::chrono::seconds(0);
  return whole ? fmt::format("{} min", wait / kMinute) : fmt::format("{} s", wait.count());
}

std::chrono::seconds longest_wait_of_address(const config::Guard& settings) {
  const auto longest = [](const guard::Rate& rate) {
    constexpr TimePoint kNow{};
    return std::chrono::ceil<std::chrono::seconds>(rate.left(rate.fullest(kNow), kNow));
  };
  return std::max({settings.max_wait,
                   longest({settings.address_free_guesses, settings.address_max_wait}),
                   longest({settings.network_free_guesses, settings.network_max_wait})});
}

std::string link_hint(const std::string& name) {
  return with_config(command_for("user link", name) + " lets its owner in now");
}

}  // namespace gatehouse::cli
