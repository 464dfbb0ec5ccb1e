#include "session/failures/failure_sync.h"
#include "session/failures/mysql_failure_store.h"
#include "session/sessions.h"

namespace gatehouse::session {
namespace {

class KeptInMysql final : public KeptFailures {
 public:
  KeptInMysql(mysql::Pool& tables, Guarded<guard::FailureTable>& counts, const Clock& clock)
      : store_(tables), sync_(counts, store_, clock) {}
  void wait_for_read_back() override { sync_.wait_for_read_back(); }

 private:
  MysqlFailureStore store_;
  FailureSync sync_;
};

}  // namespace

std::unique_ptr<KeptFailures> keep_failures(mysql::Pool& tables,
                                            Guarded<guard::FailureTable>& counts,
                                            const Clock& clock) {
  return std::make_unique<KeptInMysql>(tables, counts, clock);
}

}  // namespace gatehouse::session
