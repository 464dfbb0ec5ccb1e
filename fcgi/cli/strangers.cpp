#include "cli/strangers.h"

#include <vector>

#include "guard/count_keys.h"
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

}  // namespace gatehouse::cli
