# Redmine: users of its own, and a group; or it is asked who gets in. Rails runs it, with its tables there.
require 'json'
password = ENV.fetch('PASSWORD')
if ARGV[0] == 'install'
  make = lambda do |login, **more|
    User.create!({ login: login, firstname: login, lastname: 'x', mail: "#{login}@example.com", password: password,
                   password_confirmation: password }.merge(more))
  end
  Group.create!(lastname: 'Night shift').users << make.call('roy')
  make.call('dora').lock!
  make.call('wendy').tap(&:register).save!
  make.call('boss', admin: true)
  source = AuthSourceLdap.create!(name: 'LDAP', host: 'localhost', port: 1, attr_login: 'uid')
  make.call('lea').update_columns(auth_source_id: source.id)
else
  said = JSON.parse($stdin.read).map { |name, typed| !User.try_to_login(name, typed).nil? }
  puts said.to_json
end
