#include "cli/events.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <ostream>
#include <utility>

#include "base/encoding.h"
#include "base/time_text.h"
#include "cli/command_line.h"
#include "cli/device.h"
#include "cli/hints.h"
#include "cli/progress.h"
#include "cli/session_tables.h"
#include "cli/since.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "http/json.h"

namespace gatehouse::cli {
namespace {

using session::ListedEvent;
using session::LoginEvent;

constexpr std::size_t kMostShown = 10'000;

/// Takes the events as they come, which may be more than once from the first on.
class Printer {
 public:
  Printer() = default;
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;
  virtual ~Printer() = default;
  virtual void begin() = 0;
  virtual void add(ListedEvent&& one) = 0;
  virtual void end(const Output& output) = 0;
};

/// Whether the browser or the network was new to the account: "device, address".
std::string news_of(const LoginEvent& event) {
  std::string news = event.new_device.value_or(false) ? "device" : "";
  if (event.new_address.value_or(false)) news.append(news.empty() ? "" : ", ").append("address");
  return news;
}

class AsTable final : public Printer {
 public:
  void begin() override {
    events_.clear();
    count_ = 0;
  }
  void add(ListedEvent&& one) override {
    ++count_;
    events_.push_back(std::move(one));
    if (events_.size() > kMostShown) events_.pop_front();
  }
  void end(const Output& output) override {
    using Fit = Column::Fit;
    Table table({{.heading = "time"},
                 {.heading = "event"},
                 {.heading = "times", .align = Column::Align::right},
                 {.heading = "reason", .spare = 2},
                 {.heading = "address", .fit = Fit::cut},
                 {.heading = "device", .fit = Fit::cut, .least = 17},
                 {.heading = "new", .spare = 3},
                 {.heading = "user", .fit = Fit::cut, .leads = true},
                 {.heading = "id", .fit = Fit::cut, .spare = 1}});
    for (const auto& [id, event, ago, written_ago] : events_) {
      table.add({{time_ago(ago), short_age(ago)},
                 event.kind,
                 std::to_string(event.times),
                 event.reason.empty() ? "-" : event.reason,
                 event.address.empty() ? "several" : printable(event.address),
                 event.user_agent.empty() ? "-" : device_name(event.user_agent),
                 news_of(event).empty() ? "-" : news_of(event),
                 event.user_id.empty() ? "-" : printable(event.user),
                 event.user_id.empty() ? "-" : printable(event.user_id)});
    }
    if (table.empty()) return print_nothing(table, "there is no such event", output);
    table.print(output.terminal, output.out);
    if (count_ > kMostShown) {
      output.err << fmt::format(
          "{} events before these are not shown: choose with --user NAME or --since TIME, or take "
          "all with --json\n",
          count_ - kMostShown);
    }
  }

 private:
  std::deque<ListedEvent> events_;
  std::size_t count_ = 0;
};

/// With the names that the fields have in the log (base/event.h).
std::string json_of(const ListedEvent& one) {
  const LoginEvent& event = one.event;
  http::JsonWriter json;
  json.begin_object();
  json.key("event_id").text(hex_encode(one.id));
  json.key("time").text(time_ago(one.ago));
  json.key("written").text(time_ago(one.written_ago));
  json.key("event").text(event.kind);
  json.key("outcome").text(event.failed ? "failure" : "success");
  json.key("times").number(event.times);
  const auto add = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) json.key(name).text(text);
  };
  add("reason", event.reason);
  add("user", event.user);
  add("id", event.user_id);
  add("address", event.address);
  add("device", event.user_agent.empty() ? "" : device_name(event.user_agent));
  add("agent", event.user_agent);
  add("session", event.session);
  add("request", event.request);
  if (event.new_device) json.key("new_device").boolean(*event.new_device);
  if (event.new_address) json.key("new_address").boolean(*event.new_address);
  json.end_object();
  return json.take();
}

/// Keeps the texts until all have come: a program that reads half of them would take it for all.
class AsJson final : public Printer {
 public:
  void begin() override { text_.clear(); }
  void add(ListedEvent&& one) override {
    text_.append(text_.empty() ? "" : ",").append(json_of(one));
  }
  void end(const Output& output) override { output.out << R"({"events":[)" << text_ << "]}\n"; }

 private:
  std::string text_;
};

Result<session::EventQuery> query_of(const config::Settings& settings, const EventWords& words) {
  session::EventQuery query;
  if (words.since) {
    const auto since = parse_since(*words.since);
    if (!since) return tl::unexpected(since.error());
    query.since = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now() - *since);
  }
  if (words.whose.everybody()) return query;
  auto ids = ids_of(settings, words.whose);
  if (!ids) return tl::unexpected(std::move(ids.error()));
  query.users = std::move(*ids);
  return query;
}

Result<void> gather(const config::Settings& settings, const EventWords& words, Printer& printer,
                    const Output& output) {
  if (settings.session.store == config::SessionStore::memory) {
    return fail(Error::Kind::refused,
                "session.store is \"memory\": no events are kept; the log has them");
  }
  const auto tables = open_tables(settings, Reading::all);
  if (!tables) return tl::unexpected(tables.error());
  const auto query = query_of(settings, words);
  if (!query) return tl::unexpected(query.error());
  Progress progress("reading the events", output.err, output.err_terminal);
  return session::for_each_event((*tables)->pool, *query, [&] { printer.begin(); },
                                 [&](ListedEvent&& one) {
                                   printer.add(std::move(one));
                                   return true;
                                 });
}

}  // namespace

int list_events(const std::filesystem::path& config_file, const EventWords& words, bool json,
                const Output& output) {
  const auto settings = settings_for_verb(config_file, output.err);
  if (!settings) return kProblems;
  AsTable table;
  AsJson text;
  Printer& printer = json ? static_cast<Printer&>(text) : table;
  if (const auto gathered = gather(*settings, words, printer, output); !gathered) {
    return fail_with(gathered.error(), output.err);
  }
  printer.end(output);
  return kOk;
}

}  // namespace gatehouse::cli
