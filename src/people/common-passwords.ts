/** Passwords of twelve and more characters that guessers try first; in lower case. */

export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 012345678901 123123123123
  112233445566 111222333444 121212121212 098765432109 987654321098 0987654321098 102030405060 147258369147
  qwertyuiop12 qwertyuiop123 qwertyuiop[] qwertyuiopas qwertyuiopasdfghjkl 1qaz2wsx3edc 1qaz2wsx3edc4rfv
  zaq12wsxcde3 qazwsxedcrfv qwerty123456 qwerty1234567 qwerty12345678 123456qwerty 123qweasdzxc qweasdzxc123
  q1w2e3r4t5y6 1q2w3e4r5t6y 1q2w3e4r5t6y7u asdfghjkl123 asdfghjkl;' zxcvbnm12345 zxcvbnm,./12 abcdefghijkl
  abcdefghijklmnop abc123abc123 abcd12345678 abcdef123456 a1b2c3d4e5f6 aaaabbbbcccc
  password1234 password12345 password123456 password123! password2023 password2024 password2025 password2026
  passwordpassword mypassword123 mypassword1234 newpassword123 p@ssw0rd1234 p@ssword1234 passw0rd1234
  pa$$word1234 thisismypassword changemenow123 changeme1234 changeme12345 changemechangeme letmein12345
  letmein123456 letmeinletmein welcome12345 welcome123456 welcome2024! welcome2025! welcome2026! iloveyou1234
  iloveyou12345 iloveyou123456 iloveyouforever iloveyousomuch administrator administrator1 admin1234567
  admin12345678 adminadminadmin admin123admin123 rootrootroot superadmin123 superman1234 sunshine1234
  princess1234 football1234 baseball1234 basketball123 dragondragon monkey123456 michael12345 charlie12345
  trustno1trustno1 correcthorsebatterystaple testtesttest test12345678 testpassword testpassword1 secret123456
  mysecretpassword supersecret123 supersecretpassword default12345 guest1234567 turnpike1234 turnpiketurnpike
  temporary123 temppassword temppassword1 company12345 summer2024!! summer2025!! winter2024!! winter2025!!
  `
    .trim()
    .split(/\s+/),
);
